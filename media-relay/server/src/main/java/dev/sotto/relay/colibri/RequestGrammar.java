package dev.sotto.relay.colibri;

import org.jitsi.xmpp.extensions.colibri.SourcePacketExtension;
import org.jitsi.xmpp.extensions.colibri.WebSocketPacketExtension;
import org.jitsi.xmpp.extensions.colibri2.Capability;
import org.jitsi.xmpp.extensions.colibri2.Colibri2Endpoint;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifyIQ;
import org.jitsi.xmpp.extensions.colibri2.Connects;
import org.jitsi.xmpp.extensions.colibri2.ForceMute;
import org.jitsi.xmpp.extensions.colibri2.InitialLastN;
import org.jitsi.xmpp.extensions.colibri2.Media;
import org.jitsi.xmpp.extensions.colibri2.MediaSource;
import org.jitsi.xmpp.extensions.colibri2.Sources;
import org.jitsi.xmpp.extensions.colibri2.Transport;
import org.jitsi.xmpp.extensions.jingle.DtlsFingerprintPacketExtension;
import org.jitsi.xmpp.extensions.jingle.ExtmapAllowMixedPacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceCandidatePacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceRtcpmuxPacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceUdpTransportPacketExtension;
import org.jitsi.xmpp.extensions.jingle.ParameterPacketExtension;
import org.jitsi.xmpp.extensions.jingle.PayloadTypePacketExtension;
import org.jitsi.xmpp.extensions.jingle.RTPHdrExtPacketExtension;
import org.jitsi.xmpp.extensions.jingle.RtcpFbPacketExtension;
import org.jitsi.xmpp.extensions.jingle.SourceGroupPacketExtension;

/**
 * The elements and attributes of a request in XML. Those that mean nothing to this relay, but that
 * Jitsi's focus sends to every bridge, are taken and have no effect: COLIBRI.md lists them.
 */
final class RequestGrammar {
  static final String NO_RELAYS = "relays to other bridges are not done; leave relay out";
  static final String NO_CONNECTS = "connects to recorders and the like are not done";
  static final String NO_SCTP = "data channels are not done; leave sctp out";

  private RequestGrammar() {}

  /** What a conference-modify holds; its own attributes are read by hand. */
  static ElementRule endpoint() {
    return ElementRule.of(Colibri2Endpoint::new)
        .attributes("id", "create", "expire", "stats-id", "muc-role")
        .many(media())
        .one(transport())
        .one(sources())
        .one(ElementRule.of(ForceMute::new).attributes("audio", "video"))
        .one(ElementRule.of(RequestGrammar::initialLastN).attributes("value"))
        .many(ElementRule.of(Capability::new).attributes("name"))
        .one(receiveSlots())
        .one(constraints());
  }

  /** Jitsi's focus may send it empty. */
  static ElementRule connects() {
    return ElementRule.of(Connects::new)
        .refuse(ConferenceModifyIQ.NAMESPACE, "connect", NO_CONNECTS);
  }

  /** Its class demands a value, which is not to pass for one that was sent. */
  private static InitialLastN initialLastN() {
    InitialLastN element = new InitialLastN(0);
    element.removeAttribute(InitialLastN.VALUE_ATTR_NAME);
    return element;
  }

  private static ElementRule media() {
    return ElementRule.of(Media::new)
        .attributes("type")
        .many(
            ElementRule.of(PayloadTypePacketExtension::new)
                .attributes("id", "name", "clockrate", "channels", "ptime", "maxptime")
                .many(parameter(PayloadTypePacketExtension.NAMESPACE))
                .many(ElementRule.of(RtcpFbPacketExtension::new).attributes("type", "subtype")))
        .many(
            ElementRule.of(RTPHdrExtPacketExtension::new)
                .attributes("id", "uri", "senders", "attributes"))
        .one(ElementRule.of(ExtmapAllowMixedPacketExtension::new));
  }

  private static ElementRule transport() {
    return ElementRule.of(Transport::new)
        .attributes("ice-controlling", "use-unique-port", SottoElement.ICE_RESTART)
        .refuse(ConferenceModifyIQ.NAMESPACE, "sctp", NO_SCTP)
        .one(
            ElementRule.of(IceUdpTransportPacketExtension::new)
                .attributes("ufrag", "pwd")
                .one(ElementRule.of(IceRtcpmuxPacketExtension::new))
                .many(ElementRule.of(WebSocketPacketExtension::new).attributes("url", "active"))
                .many(
                    ElementRule.of(DtlsFingerprintPacketExtension::new)
                        .attributes("hash", "setup", "required", "cryptex")
                        .text())
                .many(
                    ElementRule.of(IceCandidatePacketExtension::new)
                        .attributes(
                            "component",
                            "foundation",
                            "generation",
                            "id",
                            "ip",
                            "network",
                            "port",
                            "priority",
                            "protocol",
                            "rel-addr",
                            "rel-port",
                            "tcptype",
                            "type")));
  }

  private static ElementRule sources() {
    ElementRule source =
        ElementRule.of(SourcePacketExtension::new)
            .attributes("ssrc", "rid", "name", "videoType")
            .many(parameter(ParameterPacketExtension.NAMESPACE))
            .many(parameter(SourcePacketExtension.NAMESPACE));
    return ElementRule.of(Sources::new)
        .many(
            ElementRule.of(MediaSource::new)
                .attributes("id", "type", "synthetic")
                .many(source)
                .many(
                    ElementRule.of(SourceGroupPacketExtension::new)
                        .attributes("semantics")
                        .many(source))
                .one(ElementRule.of(() -> new SottoElement(SottoElement.MID)).text()));
  }

  private static ElementRule parameter(String namespace) {
    return ElementRule.in(namespace, ParameterPacketExtension::new).attributes("name", "value");
  }

  private static ElementRule receiveSlots() {
    return ElementRule.of(() -> new SottoElement(SottoElement.RECEIVE_SLOTS))
        .many(
            ElementRule.of(() -> new SottoElement(SottoElement.SLOT))
                .attributes(SottoElement.TYPE, SottoElement.SSRC, SottoElement.RTX_SSRC));
  }

  private static ElementRule constraints() {
    return ElementRule.of(() -> new SottoElement(SottoElement.CONSTRAINTS))
        .attributes(SottoElement.LAST_N, SottoElement.AUDIO_LAST_N, SottoElement.MAX_HEIGHT)
        .many(
            ElementRule.of(() -> new SottoElement(SottoElement.SOURCE))
                .attributes(SottoElement.ID, SottoElement.MAX_HEIGHT, SottoElement.PINNED));
  }
}
