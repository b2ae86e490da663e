package dev.sotto.media.rtp;

import java.util.Optional;

/**
 * The header extensions that a relay reads or writes, with their URIs and the lengths in bytes that
 * a value of theirs can have. {@link #isEndToEnd} tells those that concern the receiver of the
 * media from those that each hop writes anew.
 */
public enum ExtensionType {
  /** RFC 8843 section 15. Longer ids than 16 bytes are in no use: they would need two-byte form. */
  MID("urn:ietf:params:rtp-hdrext:sdes:mid", 1, 16, false),
  /** RFC 8852 section 3.1. */
  RID("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", 1, 16, false),
  /** RFC 8852 section 3.2. */
  REPAIRED_RID("urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", 1, 16, false),
  /** RFC 6464. */
  AUDIO_LEVEL("urn:ietf:params:rtp-hdrext:ssrc-audio-level", 1, 1, true),
  TRANSPORT_SEQUENCE_NUMBER(
      "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", 2, 2, false),
  ABS_SEND_TIME("http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", 3, 3, false),
  /** A capture time, and in its longer form the offset of the capturer's clock. */
  ABS_CAPTURE_TIME("http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time", 8, 16, true),
  DEPENDENCY_DESCRIPTOR(
      "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
      3,
      255,
      true),
  /** 3GPP TS 26.114 section 7.4.5. */
  VIDEO_ORIENTATION("urn:3gpp:video-orientation", 1, 1, true),
  PLAYOUT_DELAY("http://www.webrtc.org/experiments/rtp-hdrext/playout-delay", 3, 3, true);

  /** In declaration order; {@code values()} would copy it each time. */
  private static final ExtensionType[] ALL = values();

  static final int COUNT = ALL.length;

  private final String uri;
  private final int minLength;
  private final int maxLength;
  private final boolean endToEnd;

  ExtensionType(String uri, int minLength, int maxLength, boolean endToEnd) {
    this.uri = uri;
    this.minLength = minLength;
    this.maxLength = maxLength;
    this.endToEnd = endToEnd;
  }

  public String uri() {
    return uri;
  }

  /** Whether a relay passes the value on; the others are between it and its neighbour. */
  public boolean isEndToEnd() {
    return endToEnd;
  }

  /** Whether a value can have this many bytes. */
  public boolean accepts(int length) {
    return length >= minLength
        && length <= maxLength
        && (this != ABS_CAPTURE_TIME || length == minLength || length == maxLength);
  }

  /** The type with this URI; a URI that is not known is for the negotiation to leave out. */
  public static Optional<ExtensionType> ofUri(String uri) {
    for (ExtensionType type : ALL) {
      if (type.uri.equals(uri)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  static ExtensionType at(int ordinal) {
    return ALL[ordinal];
  }

  /** The place of a type in arrays and bit masks, which is all that its ordinal is used for. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  int bit() {
    return 1 << index();
  }
}
