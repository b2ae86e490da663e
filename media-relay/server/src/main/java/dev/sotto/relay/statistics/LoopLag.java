package dev.sotto.relay.statistics;

import dev.sotto.relay.conference.TimerWheel;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How late timers are looked at, as a histogram in powers of two from 0.25 ms: what a loop that has
 * too much to do shows first. Written by the loop, read by anybody.
 */
public final class LoopLag {
  /** Upper bounds: 0.25 ms, 0.5, 1, 2, ... 512 ms; the last bucket has no bound. */
  public static final int BUCKETS = 13;

  private static final long FIRST_BOUND_NANOS = 250_000;

  private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);

  /** Counts how long the next timer of a wheel has been due. */
  public void record(TimerWheel timers, long nowNanos) {
    long due = timers.nextDueNanos();
    if (due != TimerWheel.NEVER && nowNanos - due >= 0) {
      int bucket = bucketOf(nowNanos - due);
      buckets.lazySet(bucket, buckets.getPlain(bucket) + 1);
    }
  }

  private static int bucketOf(long lagNanos) {
    long units = lagNanos / FIRST_BOUND_NANOS;
    return Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(units));
  }

  /** The bound of a bucket in seconds. */
  public static double boundSeconds(int bucket) {
    return bucket == BUCKETS - 1
        ? Double.POSITIVE_INFINITY
        : FIRST_BOUND_NANOS * (1L << bucket) / 1e9;
  }

  public long count(int bucket) {
    return buckets.get(bucket);
  }
}
