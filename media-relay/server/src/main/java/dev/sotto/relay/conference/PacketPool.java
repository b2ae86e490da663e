package dev.sotto.relay.conference;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The packets that wait to leave a worker: each has a header made for its receiver, and refers to a
 * payload in its source's ring, so that a packet for a hundred receivers is in memory once. A fixed
 * number of entries, shared by all conferences of the worker; who finds none drops. Of one event
 * loop.
 */
public final class PacketPool {
  /** Fixed header, a few CSRCs, ids, numbers and a descriptor with its structure. */
  static final int HEADER_BYTES = 256;

  static final int NONE = -1;

  /** Where a header has no such extension. */
  static final short NOT_WRITTEN = -1;

  /** RFC 4588 section 4: the original number before the payload. */
  static final int ORIGINAL_NUMBER_BYTES = 2;

  private final MemorySegment headers;
  private final int[] free;
  private int freeCount;

  final char[] headerLength;
  final short[] transportSequenceAt;
  final short[] sendTimeAt;
  final IncomingStream[] stream;
  final char[] sourceSequence;
  final char[] payloadOffset;
  final char[] payloadLength;
  final char[] paddingLength;

  /** The number by which the receiver knows the original, of a retransmission; else NONE. */
  final int[] originalSequence;

  final SlotStream[] slot;

  /** A pool of so many packets, 300 bytes each. */
  public PacketPool(int packets) {
    headers = Arena.ofAuto().allocate((long) packets * HEADER_BYTES);
    free = new int[packets];
    headerLength = new char[packets];
    transportSequenceAt = new short[packets];
    sendTimeAt = new short[packets];
    stream = new IncomingStream[packets];
    sourceSequence = new char[packets];
    payloadOffset = new char[packets];
    payloadLength = new char[packets];
    paddingLength = new char[packets];
    originalSequence = new int[packets];
    slot = new SlotStream[packets];
    for (int i = packets - 1; i >= 0; i--) {
      release(i);
    }
  }

  /** An entry, or {@link #NONE}. */
  int acquire() {
    return freeCount == 0 ? NONE : free[--freeCount];
  }

  void release(int entry) {
    // Not kept alive by an entry that waits for its next use.
    stream[entry] = null;
    slot[entry] = null;
    free[freeCount++] = entry;
  }

  /** How many entries are in use. */
  public int used() {
    return free.length - freeCount;
  }

  boolean isRetransmission(int entry) {
    return originalSequence[entry] != NONE;
  }

  /** Bytes of the whole packet before protection. */
  int length(int entry) {
    return headerLength[entry]
        + (isRetransmission(entry) ? ORIGINAL_NUMBER_BYTES : 0)
        + payloadLength[entry]
        + paddingLength[entry];
  }

  MemorySegment segment() {
    return headers;
  }

  long headerOffset(int entry) {
    return (long) entry * HEADER_BYTES;
  }

  /** Copies the header of an entry to where its packet is made. */
  void copyHeader(int entry, MemorySegment target, long offset) {
    Wire.copy(headers, headerOffset(entry), target, offset, headerLength[entry]);
  }
}
