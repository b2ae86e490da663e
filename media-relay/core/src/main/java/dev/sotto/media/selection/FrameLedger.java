package dev.sotto.media.selection;

import java.util.Arrays;

/**
 * What became of the last frames of an encoding: forwarded or dropped, whole or not, and which
 * chains were intact up to them. Frames are known by their counted-on numbers.
 */
final class FrameLedger {
  /** Three seconds of three layers at 30 frames a second; references go back some frames only. */
  static final int CAPACITY = 256;

  static final int UNSEEN = 0;
  static final int FORWARDED = 1;
  static final int DROPPED = 2;
  static final int FORGOTTEN = 3;

  private static final int STATE = 3;
  private static final int START = 4;
  private static final int END = 8;
  private static final int AWAITED = 16;

  private final int[] numbers = new int[CAPACITY];
  private final byte[] flags = new byte[CAPACITY];
  private final short[] starts = new short[CAPACITY];
  private final short[] ends = new short[CAPACITY];
  private final short[] counts = new short[CAPACITY];
  private final int[] intactChains = new int[CAPACITY];
  private long newest = -1;

  void clear() {
    Arrays.fill(flags, (byte) 0);
    newest = -1;
  }

  /** The highest frame that anything is known of, or -1. */
  long newest() {
    return newest;
  }

  int state(long frame) {
    if (frame <= newest - CAPACITY) {
      return FORGOTTEN;
    }
    int slot = (int) frame & (CAPACITY - 1);
    return numbers[slot] == (int) frame ? flags[slot] & STATE : UNSEEN;
  }

  /** Of a frame that is not forgotten; decided once. */
  void decide(long frame, boolean forwarded, int chains) {
    int slot = claim(frame);
    flags[slot] |= (byte) (forwarded ? FORWARDED : DROPPED);
    intactChains[slot] = chains;
  }

  /** Notes that others lean on the frame, of which something is missing. */
  void await(long frame) {
    flags[claim(frame)] |= AWAITED;
  }

  private int claim(long frame) {
    int slot = (int) frame & (CAPACITY - 1);
    if (numbers[slot] != (int) frame || flags[slot] == 0) {
      numbers[slot] = (int) frame;
      flags[slot] = 0;
      counts[slot] = 0;
      intactChains[slot] = 0;
    }
    newest = Math.max(newest, frame);
    return slot;
  }

  /** One more packet of a frame that is forwarded. */
  void count(long frame, long packetIndex, boolean start, boolean end) {
    int slot = (int) frame & (CAPACITY - 1);
    counts[slot]++;
    if (start) {
      flags[slot] |= START;
      starts[slot] = (short) packetIndex;
    }
    if (end) {
      flags[slot] |= END;
      ends[slot] = (short) packetIndex;
    }
  }

  /** Whether every packet of the frame has been forwarded. */
  boolean isWhole(long frame) {
    int slot = (int) frame & (CAPACITY - 1);
    int both = START | END;
    return state(frame) == FORWARDED
        && (flags[slot] & both) == both
        && (short) (ends[slot] - starts[slot]) + 1 == counts[slot];
  }

  boolean isForwardedWithChain(long frame, int chain) {
    return state(frame) == FORWARDED
        && ((intactChains[(int) frame & (CAPACITY - 1)] >>> chain) & 1) == 1;
  }

  /** The first frame after the given one that is still awaited, or -1. */
  long nextAwaited(long after) {
    for (long frame = Math.max(after, newest - CAPACITY) + 1; frame <= newest; frame++) {
      int slot = (int) frame & (CAPACITY - 1);
      if (state(frame) <= FORWARDED && (flags[slot] & AWAITED) != 0 && !isWhole(frame)) {
        return frame;
      }
    }
    return -1;
  }
}
