package dev.sotto.media.pacing;

import java.time.Duration;

/**
 * How a pacer spreads packets. Values out of range are an {@link IllegalArgumentException}.
 *
 * @param factor the paced rate as a multiple of the target: above 1, since frames are uneven
 * @param burstNanos time at the paced rate that may leave at once after a pause; a usual frame
 *     should fit
 * @param tickNanos packets due within this time leave together; 0 to 10 ms
 * @param queueLimitNanos packets that waited so long are dropped; the pace doubles before it comes
 *     to that
 */
public record PacingSettings(double factor, long burstNanos, long tickNanos, long queueLimitNanos) {
  /**
   * 2.5 lets a frame of twice the usual size leave within a frame's time; 15 ms at that rate is a
   * usual frame at 25 to 30 frames a second, so only large ones are spread; 1 ms is not felt and
   * lets packets of several sources leave as one message; what waited for a second is of no use to
   * a call.
   */
  public static final PacingSettings DEFAULT =
      new PacingSettings(2.5, 15_000_000, 1_000_000, 1_000_000_000);

  private static final long LONGEST_TICK_NANOS = 10_000_000;

  public PacingSettings {
    if (!(factor >= 1) || burstNanos < 0 || queueLimitNanos <= 0) {
      throw new IllegalArgumentException(
          "factor %s must be at least 1, burst %d not negative, queue limit %d positive"
              .formatted(factor, burstNanos, queueLimitNanos));
    }
    if (tickNanos < 0 || tickNanos > LONGEST_TICK_NANOS) {
      throw new IllegalArgumentException("tick must be 0 to 10 ms: " + tickNanos);
    }
  }

  /** The same with another tick. */
  public PacingSettings withTick(Duration tick) {
    return new PacingSettings(factor, burstNanos, tick.toNanos(), queueLimitNanos);
  }
}
