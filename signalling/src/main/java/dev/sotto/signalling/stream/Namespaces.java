package dev.sotto.signalling.stream;

/** XML namespaces of the protocols that this server takes part in, named after their documents. */
public final class Namespaces {

  public static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
  public static final String CARBONS = "urn:xmpp:carbons:2";
  public static final String CHANNEL_BINDING = "urn:xmpp:sasl-cb:0";
  public static final String CHAT_STATES = "http://jabber.org/protocol/chatstates";
  public static final String CLIENT = "jabber:client";
  public static final String CLIENT_STATE = "urn:xmpp:csi:0";
  public static final String DELAY = "urn:xmpp:delay";
  public static final String DISCO_INFO = "http://jabber.org/protocol/disco#info";
  public static final String DISCO_ITEMS = "http://jabber.org/protocol/disco#items";
  public static final String EXTERNAL_SERVICES = "urn:xmpp:extdisco:2";
  public static final String FORWARD = "urn:xmpp:forward:0";
  public static final String FRAMING = "urn:ietf:params:xml:ns:xmpp-framing";
  public static final String HINTS = "urn:xmpp:hints";
  public static final String JINGLE_MESSAGE = "urn:xmpp:jingle-message:0";
  public static final String OFFLINE = "msgoffline";
  public static final String PING = "urn:xmpp:ping";
  public static final String REGISTER = "jabber:iq:register";
  public static final String REGISTER_FEATURE = "http://jabber.org/features/iq-register";
  public static final String ROSTER = "jabber:iq:roster";
  public static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
  public static final String STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";
  public static final String STANZA_IDS = "urn:xmpp:sid:0";
  public static final String STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";
  public static final String STREAM_MANAGEMENT = "urn:xmpp:sm:3";
  public static final String STREAMS = "http://etherx.jabber.org/streams";
  public static final String TLS = "urn:ietf:params:xml:ns:xmpp-tls";

  private Namespaces() {}
}
