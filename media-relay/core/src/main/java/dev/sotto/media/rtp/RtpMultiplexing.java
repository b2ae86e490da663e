package dev.sotto.media.rtp;

/**
 * Tells RTP and RTCP on one port from each other (RFC 5761 section 4) and both from STUN and DTLS
 * (RFC 7983 section 7) by a datagram's first two bytes. A claim only: the packets are checked by
 * {@link RtpPacket#wrap} and RTCP's compound parser.
 */
public final class RtpMultiplexing {
  private static final int FIRST_BYTE_MIN = 128;
  private static final int FIRST_BYTE_MAX = 191;

  /** With the marker's bit these are the payload types 64 to 95, which nobody maps for that. */
  private static final int RTCP_TYPE_MIN = 192;

  private static final int RTCP_TYPE_MAX = 223;

  private RtpMultiplexing() {}

  /** Whether a datagram with this first byte, 0 to 255, is RTP or RTCP. */
  public static boolean isRtpOrRtcp(int firstByte) {
    return firstByte >= FIRST_BYTE_MIN && firstByte <= FIRST_BYTE_MAX;
  }

  /** Whether an RTP or RTCP packet with this second byte, 0 to 255, is RTCP. */
  public static boolean isRtcp(int secondByte) {
    return secondByte >= RTCP_TYPE_MIN && secondByte <= RTCP_TYPE_MAX;
  }

  /** Whether RTP may use this payload type, 0 to 127, on a port that it shares with RTCP. */
  public static boolean isUsablePayloadType(int payloadType) {
    return !isRtcp(payloadType | RtpPacket.MARKER_BIT);
  }
}
