package dev.sotto.signalling.stream;

/**
 * A token bucket that holds one second's worth. Owned by one event loop; time is passed in, in
 * monotonic nanoseconds.
 */
final class RateLimiter {

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final long nanosPerPermit;
  private long paidUntilNanos;

  RateLimiter(int permitsPerSecond, long nowNanos) {
    this.nanosPerPermit = SECOND_NANOS / permitsPerSecond;
    this.paidUntilNanos = nowNanos - SECOND_NANOS;
  }

  /** Takes one permit and returns how long to wait before the next, 0 if not at all. */
  long acquire(long nowNanos) {
    // Only differences mean something: the count itself may wrap around.
    long owedNanos = Math.max(paidUntilNanos - nowNanos, -SECOND_NANOS) + nanosPerPermit;
    paidUntilNanos = nowNanos + owedNanos;
    return Math.max(0, owedNanos);
  }
}
