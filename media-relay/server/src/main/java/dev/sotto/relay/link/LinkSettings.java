package dev.sotto.relay.link;

import java.util.Set;
import org.jxmpp.jid.BareJid;
import org.jxmpp.jid.EntityFullJid;

/**
 * What a link is between.
 *
 * @param host name or address that is dialled; may differ from the XMPP domain
 * @param port of XMPP's client port, with STARTTLS
 * @param self account, domain and resource of the relay: {@code RELAY@relays.DOMAIN/RESOURCE}
 * @param focuses who may command the relay, whatever their resources
 * @param region where the relay stands, for the focus's choice
 * @param version of this software
 */
public record LinkSettings(
    String host,
    int port,
    EntityFullJid self,
    LinkCredential credential,
    ServerSecurity security,
    Set<BareJid> focuses,
    String region,
    String version,
    LinkTimings timings) {
  public LinkSettings {
    focuses = Set.copyOf(focuses);
    if (focuses.isEmpty()) {
      throw new IllegalArgumentException("a relay without a focus can be commanded by no one");
    }
  }
}
