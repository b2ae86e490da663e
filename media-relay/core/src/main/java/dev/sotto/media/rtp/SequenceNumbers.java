package dev.sotto.media.rtp;

/**
 * Arithmetic of 16-bit sequence numbers in the manner of RFC 1982: of two numbers the one that is
 * less than half the range ahead is the newer.
 */
public final class SequenceNumbers {
  private static final int MASK = 0xffff;

  private SequenceNumbers() {}

  /** The steps from one number to another: -32768 to 32767, negative if it lies behind. */
  public static int distance(int from, int to) {
    return (short) (to - from);
  }

  public static boolean isNewer(int number, int than) {
    return distance(than, number) > 0;
  }

  /** The number that many steps on, 0 to 65535. */
  public static int add(int number, int steps) {
    return (number + steps) & MASK;
  }
}
