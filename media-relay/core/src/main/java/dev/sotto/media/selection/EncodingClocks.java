package dev.sotto.media.selection;

import java.util.Arrays;

/**
 * Per encoding of the source in a slot: its sequence numbers counted on beyond 16 bits, and where
 * its last picture and its last key picture were.
 */
final class EncodingClocks {
  private final long[] highest = new long[SlotProjection.MAX_ENCODINGS];
  private final boolean[] seen = new boolean[SlotProjection.MAX_ENCODINGS];
  private final long[] projectedUpTo = new long[SlotProjection.MAX_ENCODINGS];
  private final int[] lastTimestamp = new int[SlotProjection.MAX_ENCODINGS];
  private final int[] keyTimestamp = new int[SlotProjection.MAX_ENCODINGS];
  private final boolean[] keySeen = new boolean[SlotProjection.MAX_ENCODINGS];

  void clear() {
    Arrays.fill(seen, false);
    Arrays.fill(keySeen, false);
    Arrays.fill(projectedUpTo, -1);
  }

  /** The index of a packet, nearest to the highest so far. */
  long indexOf(int encoding, int sequenceNumber) {
    return seen[encoding]
        ? highest[encoding] + (short) (sequenceNumber - (int) highest[encoding])
        // So that what was sent before the first one we see has an index too.
        : 0x10000L + sequenceNumber;
  }

  /** How far a packet is behind the highest so far; negative or 0 when it is not. */
  long behind(int encoding, long index) {
    return seen[encoding] ? highest[encoding] - index : 0;
  }

  /** Counts on from here: what was seen is too long ago to be compared with. */
  void recount(int encoding, long index) {
    highest[encoding] = index;
  }

  /** The last packet of the encoding that a stretch has numbers for, or -1. */
  long projectedUpTo(int encoding) {
    return projectedUpTo[encoding];
  }

  void projectUpTo(int encoding, long index) {
    projectedUpTo[encoding] = index;
  }

  void see(int encoding, long index, int timestamp) {
    if (!seen[encoding] || index > highest[encoding]) {
      highest[encoding] = index;
      lastTimestamp[encoding] = timestamp;
    }
    seen[encoding] = true;
  }

  /** Whether the packet is of another picture than the newest before it. */
  boolean isNewPicture(int encoding, int timestamp) {
    return !seen[encoding] || lastTimestamp[encoding] != timestamp;
  }

  void seeKeyPicture(int encoding, int timestamp) {
    keyTimestamp[encoding] = timestamp;
    keySeen[encoding] = true;
  }

  /** Whether a picture is the one that brought the encoding's structure last. */
  boolean isKeyPicture(int encoding, int timestamp) {
    return keySeen[encoding] && keyTimestamp[encoding] == timestamp;
  }
}
