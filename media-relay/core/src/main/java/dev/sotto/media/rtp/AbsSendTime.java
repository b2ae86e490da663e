package dev.sotto.media.rtp;

/**
 * The 24 bits of the abs-send-time extension: seconds with 18 bits of fraction, so a step is 3.8 us
 * and it wraps every 64 s.
 */
public final class AbsSendTime {
  private static final int FRACTION_BITS = 18;
  private static final int MASK = 0xff_ffff;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long WRAP_NANOS = 64 * NANOS_PER_SECOND;

  private AbsSendTime() {}

  /** The value for a time of any clock. */
  public static int ofNanos(long nowNanos) {
    return (int) ((Math.floorMod(nowNanos, WRAP_NANOS) << FRACTION_BITS) / NANOS_PER_SECOND) & MASK;
  }

  /** Nanoseconds from one value to another that is less than 32 s away, negative if earlier. */
  public static long elapsedNanos(int from, int to) {
    int signed = (to - from) << 8 >> 8;
    return (signed * NANOS_PER_SECOND) >> FRACTION_BITS;
  }
}
