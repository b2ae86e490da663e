package dev.sotto.relay.link;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long after each failure up to a bound, and of
 * that a random part of a half, so that relays which lost the same server do not return as one. A
 * link that stood only briefly counts as a failure, as a server that takes and drops relays would
 * be hammered otherwise. Times are nanoseconds of a monotonic clock.
 */
final class Backoff {
  private final long firstNanos;
  private final long lastNanos;
  private final RandomGenerator random;

  private long ceilingNanos;
  private boolean connected;
  private long connectedNanos;
  private long retryNanos;

  /**
   * @param firstNanos the longest wait after one failure
   * @param lastNanos the longest wait of all, and how long a link must stand to be no failure
   */
  Backoff(long firstNanos, long lastNanos, RandomGenerator random) {
    this.firstNanos = Math.min(firstNanos, lastNanos);
    this.lastNanos = lastNanos;
    this.random = random;
    this.ceilingNanos = this.firstNanos;
  }

  /** The link stands. */
  void connected(long nowNanos) {
    connected = true;
    connectedNanos = nowNanos;
  }

  /** An attempt failed, or the link that stood is lost. */
  void failed(long nowNanos) {
    if (connected && nowNanos - connectedNanos >= lastNanos) {
      ceilingNanos = firstNanos;
    }
    connected = false;
    long half = ceilingNanos / 2;
    retryNanos = nowNanos + half + random.nextLong(ceilingNanos - half + 1);
    ceilingNanos = Math.min(lastNanos, 2 * ceilingNanos);
  }

  /** How long to wait still; 0 when the time has come. */
  long waitNanos(long nowNanos) {
    return Math.max(0, retryNanos - nowNanos);
  }
}
