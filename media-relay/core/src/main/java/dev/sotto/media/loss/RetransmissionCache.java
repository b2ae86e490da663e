package dev.sotto.media.loss;

import dev.sotto.media.rtp.SequenceUnwrapper;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The packets of one source that receivers may ask for again, as they came from the source, in one
 * ring of bytes that all receivers share. Found by the source's own sequence number; the newest
 * overwrite the oldest. {@link #find} points the getters at a packet until the next {@link #store}.
 */
public final class RetransmissionCache {
  private static final long EMPTY = Long.MIN_VALUE;
  private static final int MAX_PACKET_BYTES = 0xffff;

  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private final MemorySegment memory;
  private final long memoryBytes;
  private final long maxAgeNanos;
  private final int mask;
  private final long[] numbers;
  private final long[] positions;
  private final char[] lengths;
  private final long[] storedNanos;

  /** Bytes ever written, with those skipped at the end of the ring: never wraps. */
  private long head;

  private int found;

  /**
   * An empty ring.
   *
   * @param memory the ring; it belongs to the caller and has to outlive this object
   * @param maxPackets a power of two
   * @param maxAgeNanos after this a packet is not found any more
   */
  public RetransmissionCache(MemorySegment memory, int maxPackets, long maxAgeNanos) {
    if (Integer.bitCount(maxPackets) != 1) {
      throw new IllegalArgumentException("packets must be a power of two: " + maxPackets);
    }
    this.memory = memory;
    this.maxAgeNanos = maxAgeNanos;
    memoryBytes = memory.byteSize();
    mask = maxPackets - 1;
    numbers = new long[maxPackets];
    positions = new long[maxPackets];
    lengths = new char[maxPackets];
    storedNanos = new long[maxPackets];
    Arrays.fill(numbers, EMPTY);
  }

  /**
   * Copies a packet into the ring.
   *
   * @return false when it is longer than the ring, or so late that a newer one has its place
   */
  public boolean store(
      int sequenceNumber, MemorySegment segment, long offset, int length, long nowNanos) {
    if (length > Math.min(memoryBytes, MAX_PACKET_BYTES)) {
      return false;
    }
    long number = unwrapper.unwrap(sequenceNumber);
    int slot = (int) number & mask;
    if (number < numbers[slot] && isHeld(slot, nowNanos)) {
      return false;
    }
    long place = head % memoryBytes;
    if (place + length > memoryBytes) {
      // A packet stands in one piece: the rest of the ring is skipped.
      head += memoryBytes - place;
      place = 0;
    }
    Wire.copy(segment, offset, memory, place, length);
    numbers[slot] = number;
    positions[slot] = head;
    lengths[slot] = (char) length;
    storedNanos[slot] = nowNanos;
    head += length;
    return true;
  }

  /** Looks for the packet with this number of the source; false when it is not there any more. */
  public boolean find(int sequenceNumber, long nowNanos) {
    long number = unwrapper.extend(sequenceNumber);
    found = (int) number & mask;
    return numbers[found] == number && isHeld(found, nowNanos);
  }

  private boolean isHeld(int slot, long nowNanos) {
    return positions[slot] >= head - memoryBytes && nowNanos - storedNanos[slot] <= maxAgeNanos;
  }

  public MemorySegment segment() {
    return memory;
  }

  /** Where the packet that was found starts. */
  public long offset() {
    return positions[found] % memoryBytes;
  }

  /** Bytes of the packet that was found. */
  public int length() {
    return lengths[found];
  }

  /** Forgets all packets: the source starts anew. */
  public void clear() {
    unwrapper.reset();
    Arrays.fill(numbers, EMPTY);
  }
}
