package dev.sotto.media.selection;

/**
 * The outgoing sequence numbers of a slot: which packet of the source has which, and which are kept
 * for packets that are missing. A number is given to one packet and never again. Numbers are packet
 * indices (48 bits and more), source packets the low 32 bits of theirs.
 */
final class NumberLedger {
  static final int NONE = 0;
  static final int KEPT = 1;
  static final int SENT = 2;
  static final int FILLED = 3;

  static final int MARKER = 1;
  static final int STRUCTURE = 2;
  static final int MASK = 4;

  private static final int STATE_AT = 32;
  private static final int STRETCH_AT = 34;
  private static final int FLAGS_AT = 40;

  private final long[] entries;
  private long highest;

  NumberLedger(int capacity, int firstNumber) {
    entries = new long[capacity];
    highest = firstNumber - 1L;
  }

  /** The last number that was given or kept. */
  long highest() {
    return highest;
  }

  long lowest() {
    return highest - entries.length + 1;
  }

  int capacity() {
    return entries.length;
  }

  /** The number next in order, for the newest packet. */
  long give(long sourceIndex, int stretch, int flags) {
    highest++;
    put(highest, sourceIndex, SENT, stretch, flags);
    return highest;
  }

  /** The number next in order stays for a packet that has not come. */
  void keep(long sourceIndex, int stretch) {
    highest++;
    put(highest, sourceIndex, KEPT, stretch, 0);
  }

  /** A kept number is given to the packet that it was kept for. */
  void give(long number, long sourceIndex, int state, int stretch, int flags) {
    put(number, sourceIndex, state, stretch, flags);
  }

  private void put(long number, long sourceIndex, int state, int stretch, int flags) {
    entries[slot(number)] =
        (sourceIndex & 0xffff_ffffL)
            | ((long) state << STATE_AT)
            | ((long) stretch << STRETCH_AT)
            | ((long) flags << FLAGS_AT);
  }

  private int slot(long number) {
    return (int) number & (entries.length - 1);
  }

  /**
   * The number in a range that belongs to a packet of the source, or -1: within one stretch both
   * rise together.
   */
  long find(long sourceIndex, long from, long to) {
    long low = Math.max(from, lowest());
    long high = to;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      int difference = (int) entries[slot(middle)] - (int) sourceIndex;
      if (difference == 0) {
        return middle;
      } else if (difference < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** Of a 16-bit sequence number that a receiver names: the number itself, or -1. */
  long named(int sequenceNumber) {
    long number = highest + (short) (sequenceNumber - (int) highest);
    return number <= highest && number >= Math.max(lowest(), 0) ? number : -1;
  }

  int state(long number) {
    return (int) (entries[slot(number)] >>> STATE_AT) & 3;
  }

  int stretch(long number) {
    return (int) (entries[slot(number)] >>> STRETCH_AT) & (Stretches.CAPACITY - 1);
  }

  int flags(long number) {
    return (int) (entries[slot(number)] >>> FLAGS_AT) & 7;
  }

  int sourceSequenceNumber(long number) {
    return (int) entries[slot(number)] & 0xffff;
  }
}
