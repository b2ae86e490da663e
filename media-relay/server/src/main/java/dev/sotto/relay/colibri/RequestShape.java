package dev.sotto.relay.colibri;

import static dev.sotto.relay.colibri.JsonShape.array;
import static dev.sotto.relay.colibri.JsonShape.flag;
import static dev.sotto.relay.colibri.JsonShape.integer;
import static dev.sotto.relay.colibri.JsonShape.integerOrDigits;
import static dev.sotto.relay.colibri.JsonShape.mapOf;
import static dev.sotto.relay.colibri.JsonShape.object;
import static dev.sotto.relay.colibri.JsonShape.objectOr;
import static dev.sotto.relay.colibri.JsonShape.oneOf;
import static dev.sotto.relay.colibri.JsonShape.refused;
import static dev.sotto.relay.colibri.JsonShape.scalar;
import static dev.sotto.relay.colibri.JsonShape.string;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.relay.control.Texts;
import java.net.URI;
import java.net.URISyntaxException;
import org.jitsi.xmpp.extensions.jingle.IceUdpTransportPacketExtension;

/**
 * The keys of a request in JSON: COLIBRI2's as Jitsi's bridge has them over REST, and Sotto's own.
 * Ranges are those that the library can carry; what a value means is checked later.
 */
final class RequestShape {
  private static final long MAX_SSRC = 0xffff_ffffL;

  /** How Jitsi's serialiser writes a stream that has no SSRC. */
  static final long NO_SSRC = -1;

  private static final JsonShape INT = integer(Integer.MIN_VALUE, Integer.MAX_VALUE);

  private static final JsonShape ATTRIBUTE = integerOrDigits(0, MAX_SSRC);

  private static final JsonShape SSRC = integerOrDigits(1, MAX_SSRC);

  static final JsonShape REQUEST =
      object()
          .optional("meeting-id", string())
          .optional("name", string())
          .optional("create", flag())
          .optional("expire", flag())
          .optional("rtcstats-enabled", flag())
          .optional("endpoints", array(endpoint()))
          .optional("relays", array(refused(RequestGrammar.NO_RELAYS)))
          .optional("connects", array(refused(RequestGrammar.NO_CONNECTS)));

  private RequestShape() {}

  private static JsonShape endpoint() {
    return object()
        .required("id", string())
        .optional("create", flag())
        .optional("expire", flag())
        .optional("stats-id", string())
        .optional("muc-role", oneOf("moderator", "participant", "visitor", "none"))
        .optional("medias", array(media()))
        .optional("transport", transport())
        .optional("sources", array(mediaSource()))
        .optional("force-mute", object().optional("audio", flag()).optional("video", flag()))
        .optional("initial-last-n", object().required("value", INT))
        .optional("capabilities", array(string()))
        .optional(SottoElement.RECEIVE_SLOTS, receiveSlots())
        .optional(SottoElement.CONSTRAINTS, constraints());
  }

  private static JsonShape media() {
    JsonShape payloadType =
        object()
            .required("id", ATTRIBUTE)
            .required("name", string())
            .required("clockrate", ATTRIBUTE)
            .optional("channels", ATTRIBUTE)
            .optional("ptime", ATTRIBUTE)
            .optional("maxptime", ATTRIBUTE)
            .optional("parameters", mapOf(scalar()))
            .optional(
                "rtcp-fbs",
                array(object().required("type", string()).optional("subtype", string())));
    JsonShape headerExtension =
        object()
            .required("id", INT)
            .required("uri", RequestShape::checkUri)
            .optional("senders", string())
            .optional("attributes", string());
    return object()
        .required("type", oneOf("audio", "video"))
        .optional("payload-types", array(payloadType))
        .optional("rtp-hdrexts", array(headerExtension))
        .optional("extmap-allow-mixed", flag());
  }

  private static JsonShape transport() {
    JsonShape fingerprint =
        object()
            .required("fingerprint", string())
            .required("hash", string())
            .optional("setup", string())
            .optional("cryptex", flag())
            .optional("required", flag());
    JsonShape candidate =
        object()
            .required("component", ATTRIBUTE)
            .required("foundation", scalar())
            .required("ip", string())
            .required("port", ATTRIBUTE)
            .required("priority", ATTRIBUTE)
            .required("protocol", string())
            .required("type", string())
            .optional("generation", ATTRIBUTE)
            .optional("id", scalar())
            .optional("network", ATTRIBUTE)
            .optional("rel-addr", string())
            .optional("rel-port", ATTRIBUTE)
            .optional("tcptype", string());
    JsonShape iceUdp =
        object()
            .required("xmlns", oneOf(IceUdpTransportPacketExtension.NAMESPACE))
            .optional("ufrag", string())
            .optional("pwd", RequestShape::checkSecret)
            .optional("rtcp-mux", flag())
            .optional("web-sockets", array(string()))
            .optional("fingerprints", array(fingerprint))
            .optional("candidates", array(candidate));
    return object()
        .optional("ice-controlling", flag())
        .optional("use-unique-port", flag())
        .optional(SottoElement.ICE_RESTART, flag())
        .optional("transport", iceUdp)
        .optional("sctp", refused(RequestGrammar.NO_SCTP));
  }

  private static JsonShape mediaSource() {
    JsonShape source =
        objectOr(
            object()
                .optional("ssrc", RequestShape::checkSsrc)
                .optional("rid", string())
                .optional("name", string())
                .optional("videoType", string())
                .optional("parameters", mapOf(scalar())),
            SSRC);
    JsonShape group =
        object()
            .required("semantics", oneOf("SIM", "FID", "FEC-FR"))
            .required("sources", RequestShape::checkGrouped);
    return object()
        .required("type", oneOf("audio", "video"))
        .required("id", string())
        .optional("synthetic", flag())
        .optional("sources", array(source))
        .optional("ssrc-groups", array(group))
        .optional(SottoElement.MID, string());
  }

  private static JsonShape receiveSlots() {
    JsonShape slots =
        array(
            object()
                .required(SottoElement.SSRC, integer(1, MAX_SSRC))
                .optional(SottoElement.RTX_SSRC, integer(1, MAX_SSRC)));
    return object().optional("audio", slots).optional("video", slots);
  }

  private static JsonShape constraints() {
    JsonShape source =
        object()
            .required(SottoElement.ID, string())
            .optional(SottoElement.MAX_HEIGHT, INT)
            .optional(SottoElement.PINNED, flag());
    return object()
        .optional(SottoElement.LAST_N, INT)
        .optional(SottoElement.AUDIO_LAST_N, INT)
        .optional(SottoElement.MAX_HEIGHT, INT)
        .optional("sources", array(source));
  }

  private static void checkSsrc(JsonNode value, String path) {
    boolean absent = value.isIntegralNumber() && value.asLong() == NO_SSRC;
    if (!absent) {
      SSRC.check(value, path);
    }
  }

  private static void checkGrouped(JsonNode value, String path) {
    array(SSRC).check(value, path);
    // The library drops a group without sources.
    if (value.isEmpty()) {
      throw Attributes.bad(path + " is empty; name the SSRCs of the group");
    }
  }

  /** The library drops an extension whose URI it cannot parse. */
  private static void checkUri(JsonNode value, String path) {
    string().check(value, path);
    try {
      new URI(value.textValue());
    } catch (URISyntaxException _) {
      throw Attributes.bad("%s is %s, not a URI".formatted(path, Texts.quoted(value.textValue())));
    }
  }

  /** A message must not repeat it, whatever it is. */
  private static void checkSecret(JsonNode value, String path) {
    if (!value.isTextual()) {
      throw Attributes.bad(path + " is not a string");
    }
  }
}
