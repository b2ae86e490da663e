package dev.sotto.relay.colibri;

import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.util.PacketParserUtils;

/** Stanzas as Smack reads them from a connection of a relay. */
final class Stanzas {
  static {
    ControlIqProvider.register();
  }

  private Stanzas() {}

  static IQ parse(String xml) {
    try {
      return PacketParserUtils.parseStanza(xml);
    } catch (Exception e) {
      throw new AssertionError(xml, e);
    }
  }

  static ControlIq parseRequest(String xml) {
    return (ControlIq) parse(xml);
  }

  /** A request whose conference-modify has these attributes and children. */
  static ControlIq parseRequest(String attributes, String children) {
    return parseRequest(
        """
        <iq xmlns='jabber:client' type='set' id='1' from='focus@relays.example.org/focus'
            to='relay1@relays.example.org/relay'>
          <conference-modify xmlns='jitsi:colibri2' %s>%s</conference-modify>
        </iq>\
        """
            .formatted(attributes, children));
  }
}
