package dev.sotto.media.demux;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * What a datagram claims to be by its first byte (RFC 7983 section 7), and RTCP apart from RTP by
 * its packet type (RFC 5761 section 4). A claim only: nothing is verified but that the datagram is
 * long enough for the header of its kind.
 */
public enum PacketKind {
  STUN,
  DTLS,
  RTP,
  RTCP,
  /** Shorter than the header of the kind that its first byte claims, or empty. */
  TRUNCATED,
  /** ZRTP, TURN channels, QUIC and unassigned ranges: nothing that a media relay takes. */
  OTHER;

  private static final int STUN_LAST = 3;
  private static final int DTLS_FIRST = 20;
  private static final int DTLS_LAST = 63;
  private static final int RTP_FIRST = 128;
  private static final int RTP_LAST = 191;

  /** RFC 5761 section 4: what RTP with a marker would use as 64-95, so nobody maps those. */
  private static final int RTCP_TYPE_FIRST = 192;

  private static final int RTCP_TYPE_LAST = 223;

  private static final int STUN_HEADER_BYTES = 20;
  private static final int DTLS_HEADER_BYTES = 13;
  private static final int RTP_HEADER_BYTES = 12;

  /** A header and the SSRC that each packet type has behind it. */
  private static final int RTCP_HEADER_BYTES = 8;

  /** Classifies a datagram; allocates nothing and never throws for a range inside the segment. */
  public static PacketKind of(MemorySegment segment, long offset, int length) {
    if (length < 1) {
      return TRUNCATED;
    }
    int first = Wire.u8(segment, offset);
    if (first >= RTP_FIRST && first <= RTP_LAST) {
      return media(segment, offset, length);
    }
    if (first <= STUN_LAST) {
      return length < STUN_HEADER_BYTES ? TRUNCATED : STUN;
    }
    if (first >= DTLS_FIRST && first <= DTLS_LAST) {
      return length < DTLS_HEADER_BYTES ? TRUNCATED : DTLS;
    }
    return OTHER;
  }

  private static PacketKind media(MemorySegment segment, long offset, int length) {
    if (length < RTCP_HEADER_BYTES) {
      return TRUNCATED;
    }
    int second = Wire.u8(segment, offset + 1);
    if (second >= RTCP_TYPE_FIRST && second <= RTCP_TYPE_LAST) {
      return RTCP;
    }
    return length < RTP_HEADER_BYTES ? TRUNCATED : RTP;
  }
}
