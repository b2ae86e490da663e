package dev.sotto.media.bandwidth;

/**
 * What is remembered of packets under way, in a fixed ring of primitives: when each left, its size,
 * its probe cluster and what is known of its fate. A packet that leaves takes the place of the one
 * that left a ring's length before; feedback for that one is then too late and counts for nothing.
 */
final class SentPackets {
  /** No packet of that number is remembered. */
  static final int NONE = -1;

  private static final byte EMPTY = 0;
  private static final byte UNDER_WAY = 1;
  private static final byte LOST = 2;
  private static final byte RECEIVED = 3;

  private final int mask;
  private final long[] sentNanos;
  private final char[] sequence;
  private final char[] sizeBytes;
  private final int[] probeCluster;
  private final byte[] fate;

  SentPackets(int capacity) {
    if (Integer.bitCount(capacity) != 1 || capacity > 1 << 15) {
      throw new IllegalArgumentException(
          "capacity must be a power of two up to 32768: " + capacity);
    }
    mask = capacity - 1;
    sentNanos = new long[capacity];
    sequence = new char[capacity];
    sizeBytes = new char[capacity];
    probeCluster = new int[capacity];
    fate = new byte[capacity];
  }

  void add(int transportSeq, int bytes, long nowNanos, int probeClusterId) {
    int slot = transportSeq & mask;
    sentNanos[slot] = nowNanos;
    sequence[slot] = (char) transportSeq;
    sizeBytes[slot] = (char) Math.min(bytes, 0xffff);
    probeCluster[slot] = probeClusterId;
    fate[slot] = UNDER_WAY;
  }

  /** The place of a packet in the ring, or {@link #NONE}. */
  int find(int transportSeq) {
    int slot = transportSeq & mask;
    return fate[slot] != EMPTY && sequence[slot] == (char) transportSeq ? slot : NONE;
  }

  long sentNanos(int slot) {
    return sentNanos[slot];
  }

  int sizeBytes(int slot) {
    return sizeBytes[slot];
  }

  int probeCluster(int slot) {
    return probeCluster[slot];
  }

  boolean isUnderWay(int slot) {
    return fate[slot] == UNDER_WAY;
  }

  boolean isLost(int slot) {
    return fate[slot] == LOST;
  }

  void markLost(int slot) {
    fate[slot] = LOST;
  }

  void markReceived(int slot) {
    fate[slot] = RECEIVED;
  }
}
