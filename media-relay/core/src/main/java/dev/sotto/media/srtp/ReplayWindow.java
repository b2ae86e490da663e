package dev.sotto.media.srtp;

import java.util.Arrays;

/**
 * Which of the latest packet indices were seen (RFC 3711 3.3.2): a ring of bits that ends at the
 * highest index. Asked before a packet is authenticated, moved only after.
 */
final class ReplayWindow {
  /**
   * A second of 1000 packets/s: a large key frame comes in a burst, and retransmissions of it under
   * the same SSRC arrive a round trip later.
   */
  static final int RECEIVE_PACKETS = 1024;

  private final long[] bits;
  private long highest;

  /** Begins with one index seen. Packets: a power of two, at least 64. */
  ReplayWindow(int packets, long first) {
    bits = new long[packets / Long.SIZE];
    highest = first;
    set(first);
  }

  long highest() {
    return highest;
  }

  boolean isBehind(long index) {
    return index <= highest - size();
  }

  /** Of an index that is not {@link #isBehind}. */
  boolean hasSeen(long index) {
    return index <= highest && (bits[word(index)] & 1L << index) != 0;
  }

  /** Marks an index that is not {@link #isBehind}. */
  void see(long index) {
    if (index - highest >= size()) {
      Arrays.fill(bits, 0);
      highest = index;
    }
    while (highest < index) {
      highest++;
      bits[word(highest)] &= ~(1L << highest);
    }
    set(index);
  }

  private void set(long index) {
    bits[word(index)] |= 1L << index;
  }

  private int word(long index) {
    return (int) (index >>> 6) & bits.length - 1;
  }

  private int size() {
    return bits.length * Long.SIZE;
  }
}
