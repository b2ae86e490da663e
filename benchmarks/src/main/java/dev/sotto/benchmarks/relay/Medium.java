package dev.sotto.benchmarks.relay;

import dev.sotto.media.rtp.ExtensionType;
import java.util.Optional;

/** Voice or video as the load client sends it, and the numbers that it negotiates for it. */
enum Medium {
  AUDIO("audio", 111, "opus/48000/2", 48_000, "audio-opus.txt"),
  VIDEO("video", 96, "VP8/90000", 90_000, "video-vp8-1mbps.txt");

  /** Identifiers of header extensions in what the client sends (RFC 8285). */
  static final int AUDIO_LEVEL_ID = 1;

  static final int TRANSPORT_SEQUENCE_NUMBER_ID = 3;

  /** Retransmissions of video (RFC 4588), by which relays also find out what a path carries. */
  static final int RTX_PAYLOAD_TYPE = 97;

  private static final Optional<Medium> OF_AUDIO = Optional.of(AUDIO);
  private static final Optional<Medium> OF_VIDEO = Optional.of(VIDEO);

  private final String sdpName;
  private final int payloadType;
  private final String rtpMap;
  private final int clockRateHz;
  private final String recording;

  Medium(String sdpName, int payloadType, String rtpMap, int clockRateHz, String recording) {
    this.sdpName = sdpName;
    this.payloadType = payloadType;
    this.rtpMap = rtpMap;
    this.clockRateHz = clockRateHz;
    this.recording = recording;
  }

  /** What a packet is by its payload type; empty for what the client never negotiates. */
  static Optional<Medium> ofPayloadType(int payloadType) {
    if (payloadType == VIDEO.payloadType) {
      return OF_VIDEO;
    }
    return payloadType == AUDIO.payloadType ? OF_AUDIO : Optional.empty();
  }

  /** As m-lines and COLIBRI name it. */
  String sdpName() {
    return sdpName;
  }

  int payloadType() {
    return payloadType;
  }

  /** The value of {@code a=rtpmap}. */
  String rtpMap() {
    return rtpMap;
  }

  int clockRateHz() {
    return clockRateHz;
  }

  /** What a browser sent. */
  Trace trace() {
    return Trace.recorded(recording);
  }

  /** The URI of a header extension, by its identifier. */
  static String extension(int id) {
    return switch (id) {
      case AUDIO_LEVEL_ID -> ExtensionType.AUDIO_LEVEL.uri();
      case TRANSPORT_SEQUENCE_NUMBER_ID -> ExtensionType.TRANSPORT_SEQUENCE_NUMBER.uri();
      default -> throw new IllegalArgumentException("no extension has the identifier " + id);
    };
  }
}
