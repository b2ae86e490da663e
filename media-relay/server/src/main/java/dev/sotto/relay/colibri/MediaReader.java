package dev.sotto.relay.colibri;

import static dev.sotto.relay.colibri.Attributes.bad;

import dev.sotto.relay.control.HeaderExtension;
import dev.sotto.relay.control.MediaDescription;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.PayloadType;
import dev.sotto.relay.control.RtcpFeedback;
import dev.sotto.relay.control.Texts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jitsi.xmpp.extensions.colibri2.Media;
import org.jitsi.xmpp.extensions.jingle.ParameterPacketExtension;
import org.jitsi.xmpp.extensions.jingle.PayloadTypePacketExtension;
import org.jitsi.xmpp.extensions.jingle.RTPHdrExtPacketExtension;
import org.jitsi.xmpp.extensions.jingle.RtcpFbPacketExtension;

/** Reads how media of one kind is carried. */
final class MediaReader {
  static final Map<String, MediaKind> KINDS =
      Map.of("audio", MediaKind.AUDIO, "video", MediaKind.VIDEO);

  private MediaReader() {}

  static MediaDescription read(Media media) {
    return new MediaDescription(
        Attributes.requiredChoice(media, Media.TYPE_ATTR_NAME, KINDS),
        media.getPayloadTypes().stream().map(MediaReader::payloadType).toList(),
        media.getRtpHdrExts().stream().map(MediaReader::headerExtension).toList(),
        media.getExtmapAllowMixed() != null);
  }

  private static PayloadType payloadType(PayloadTypePacketExtension type) {
    return new PayloadType(
        Attributes.requiredInteger(type, PayloadTypePacketExtension.ID_ATTR_NAME),
        Attributes.requiredText(type, PayloadTypePacketExtension.NAME_ATTR_NAME),
        Attributes.requiredInteger(type, PayloadTypePacketExtension.CLOCKRATE_ATTR_NAME),
        Attributes.integer(type, PayloadTypePacketExtension.CHANNELS_ATTR_NAME).orElse(1),
        parameters(type),
        type.getRtcpFeedbackTypeList().stream().map(MediaReader::feedback).toList());
  }

  private static Map<String, String> parameters(PayloadTypePacketExtension type) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (ParameterPacketExtension parameter : type.getParameters()) {
      // RED's has no name.
      String name = Attributes.text(parameter, ParameterPacketExtension.NAME_ATTR_NAME).orElse("");
      String value = Attributes.requiredText(parameter, ParameterPacketExtension.VALUE_ATTR_NAME);
      if (parameters.putIfAbsent(name, value) != null) {
        throw bad("parameter %s of a payload type is given twice".formatted(Texts.quoted(name)));
      }
    }
    return parameters;
  }

  private static RtcpFeedback feedback(RtcpFbPacketExtension feedback) {
    return new RtcpFeedback(
        Attributes.requiredText(feedback, RtcpFbPacketExtension.TYPE_ATTR_NAME),
        Attributes.text(feedback, RtcpFbPacketExtension.SUBTYPE_ATTR_NAME));
  }

  private static HeaderExtension headerExtension(RTPHdrExtPacketExtension extension) {
    return new HeaderExtension(
        Attributes.requiredInteger(extension, RTPHdrExtPacketExtension.ID_ATTR_NAME),
        Attributes.requiredText(extension, RTPHdrExtPacketExtension.URI_ATTR_NAME));
  }
}
