package dev.sotto.media.rtp;

/**
 * Arithmetic of 32-bit RTP timestamps, which wrap: of two the one that is less than half the range
 * ahead is the later.
 */
public final class RtpTimestamps {
  private static final long MASK = 0xffff_ffffL;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private RtpTimestamps() {}

  /** Ticks from one timestamp to another: -2^31 to 2^31 - 1, negative if it is earlier. */
  public static int distance(long from, long to) {
    return (int) (to - from);
  }

  public static boolean isLater(long timestamp, long than) {
    return distance(than, timestamp) > 0;
  }

  /** The timestamp that many ticks on, 0 to 2^32 - 1. */
  public static long add(long timestamp, long ticks) {
    return (timestamp + ticks) & MASK;
  }

  /** Ticks of a clock in a duration of any length, rounded down. */
  public static long ofNanos(long nanos, int clockRateHz) {
    long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
    long rest = Math.floorMod(nanos, NANOS_PER_SECOND);
    return seconds * clockRateHz + rest * clockRateHz / NANOS_PER_SECOND;
  }
}
