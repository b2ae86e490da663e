package dev.sotto.media.srtp;

/**
 * The 48-bit index of an SRTP packet: rollover counter and sequence number (RFC 3711 3.3.1).
 * Indices are longs and never wrap: one below 0 or above {@link #LAST} is no packet of this key.
 */
final class PacketIndex {
  static final long LAST = (1L << 48) - 1;

  /** The greatest 31-bit index of SRTCP. */
  static final long LAST_RTCP = (1L << 31) - 1;

  private PacketIndex() {}

  /** The index with this sequence number that is closest to the highest so far. */
  static long closest(long highest, int sequenceNumber) {
    // A signed 16-bit distance is the shortest way round from one sequence number to the other.
    return highest + (short) (sequenceNumber - (int) highest);
  }
}
