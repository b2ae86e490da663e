package dev.sotto.relay.control;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the media descriptions of an endpoint keep. All of it is bundled on one transport, so
 * payload types and header extensions mean one thing for audio and video (RFC 8843 section 9.1).
 */
final class MediaRules {
  private static final int MAX_PAYLOAD_TYPE = 127;

  /** RFC 5761 section 4: with RTP and RTCP on one port these look like RTCP. */
  private static final int FIRST_RTCP = 64;

  private static final int LAST_RTCP = 95;

  /** No format that is in use has a faster clock. */
  private static final int MAX_CLOCK_RATE_HZ = 1_000_000;

  private static final int MAX_CHANNELS = 255;
  private static final int MAX_EXTENSION = 255;

  private final ControlLimits limits;
  private final EndpointFaults faults;
  private final Set<Integer> payloadTypes = new HashSet<>();
  private final Map<Integer, String> extensionUris = new HashMap<>();

  MediaRules(ControlLimits limits, EndpointFaults faults) {
    this.limits = limits;
    this.faults = faults;
  }

  void check(Map<MediaKind, MediaDescription> media) {
    media.values().forEach(this::check);
  }

  private void check(MediaDescription media) {
    String kind = Texts.lower(media.kind());
    faults.checkCount(
        ErrorCode.LIMIT_PAYLOAD_TYPES,
        "payload types of " + kind,
        media.payloadTypes().size(),
        limits.payloadTypesPerMedia());
    media.payloadTypes().forEach(this::check);
    faults.checkCount(
        ErrorCode.LIMIT_HEADER_EXTENSIONS,
        "header extensions of " + kind,
        media.headerExtensions().size(),
        limits.headerExtensionsPerMedia());
    Set<Integer> numbers = new HashSet<>();
    for (HeaderExtension extension : media.headerExtensions()) {
      if (!numbers.add(extension.number())) {
        throw faults.bad("header extension %d of %s is given twice", extension.number(), kind);
      }
      check(extension);
    }
  }

  private void check(PayloadType type) {
    int number = type.number();
    if (number < 0 || number > MAX_PAYLOAD_TYPE || (number >= FIRST_RTCP && number <= LAST_RTCP)) {
      throw faults.bad(
          "payload type %d is not from 0 to %d without %d to %d",
          number, MAX_PAYLOAD_TYPE, FIRST_RTCP, LAST_RTCP);
    }
    if (!payloadTypes.add(number)) {
      throw faults.bad("payload type %d is given twice; audio and video share a port", number);
    }
    faults.checkToken("name of payload type " + number, type.name());
    if (type.clockRateHz() < 1 || type.clockRateHz() > MAX_CLOCK_RATE_HZ) {
      throw faults.bad(
          "clock rate %d of payload type %d is not from 1 to %d",
          type.clockRateHz(), number, MAX_CLOCK_RATE_HZ);
    }
    if (type.channels() < 1 || type.channels() > MAX_CHANNELS) {
      throw faults.bad(
          "payload type %d has %d channels, not from 1 to %d",
          number, type.channels(), MAX_CHANNELS);
    }
    checkParameters(type);
    faults.checkCount(
        ErrorCode.LIMIT_PAYLOAD_TYPES,
        "kinds of feedback of payload type " + number,
        type.feedback().size(),
        limits.feedbackPerPayloadType());
    for (RtcpFeedback feedback : type.feedback()) {
      faults.checkToken("feedback type of payload type " + number, feedback.type());
      feedback
          .subtype()
          .ifPresent(s -> faults.checkToken("feedback subtype of payload type " + number, s));
    }
  }

  private void checkParameters(PayloadType type) {
    faults.checkCount(
        ErrorCode.LIMIT_PAYLOAD_TYPES,
        "parameters of payload type " + type.number(),
        type.parameters().size(),
        limits.parametersPerPayloadType());
    type.parameters()
        .forEach((name, value) -> {
          if (!name.isEmpty()) {
            faults.checkToken("parameter name of payload type " + type.number(), name);
          }
          faults.checkText("parameter of payload type " + type.number(), value);
        });
  }

  private void check(HeaderExtension extension) {
    int number = extension.number();
    if (number < 1 || number > MAX_EXTENSION) {
      throw faults.bad("header extension %d is not from 1 to %d", number, MAX_EXTENSION);
    }
    faults.checkToken("URI of header extension " + number, extension.uri());
    if (!isUri(extension.uri())) {
      throw faults.bad("header extension %d is %s, no URI", number, Texts.quoted(extension.uri()));
    }
    String other = extensionUris.putIfAbsent(number, extension.uri());
    if (other != null && !other.equals(extension.uri())) {
      throw faults.bad(
          "header extension %d is %s and %s; audio and video share a port",
          number, Texts.quoted(other), Texts.quoted(extension.uri()));
    }
  }

  private static boolean isUri(String text) {
    try {
      new URI(text);
      return true;
    } catch (URISyntaxException _) {
      return false;
    }
  }
}
