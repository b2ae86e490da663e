package dev.sotto.e2e;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * One direction of a path, without sockets: says when a datagram comes out, if it does. One thread
 * offers datagrams; any may change the conditions or read the counters. Datagrams that are under
 * way keep the times that they were given.
 */
final class Link {
  /** What {@link #offer} says of one that does not come out. */
  static final long DROPPED = Long.MIN_VALUE;

  private static final int IP_AND_UDP_BYTES = 28;
  private static final double NANOS_PER_SECOND = 1e9;

  private final RandomGenerator random;
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong overflowed = new AtomicLong();
  private volatile LinkConditions conditions = LinkConditions.CLEAR;
  private boolean used;
  private long freeNanos;
  private long lastNanos;

  Link(RandomGenerator random) {
    this.random = random;
  }

  void set(LinkConditions newConditions) {
    conditions = newConditions;
  }

  /**
   * Takes a datagram.
   *
   * @return when it comes out, on the clock of {@code nowNanos}, or {@link #DROPPED}
   */
  long offer(int payloadBytes, long nowNanos) {
    if (!used) {
      used = true;
      freeNanos = nowNanos;
      lastNanos = nowNanos;
    }
    LinkConditions now = conditions;
    // Both numbers are drawn for each, so that one condition does not change the draws of another.
    boolean unlucky = random.nextDouble() < now.loss();
    long jitter = (long) (random.nextDouble() * now.jitter().toNanos());
    if (unlucky) {
      lost.incrementAndGet();
      return DROPPED;
    }
    long begins = freeNanos - nowNanos > 0 ? freeNanos : nowNanos;
    if (begins - nowNanos > now.queue().toNanos()) {
      overflowed.incrementAndGet();
      return DROPPED;
    }
    double bits = (payloadBytes + IP_AND_UDP_BYTES) * 8.0;
    freeNanos = begins + (long) (bits * NANOS_PER_SECOND / now.rateBps());
    long out = freeNanos + now.delay().toNanos() + jitter;
    lastNanos = out - lastNanos > 0 ? out : lastNanos;
    passed.incrementAndGet();
    return lastNanos;
  }

  long passed() {
    return passed.get();
  }

  /** By chance. */
  long lost() {
    return lost.get();
  }

  /** For want of room in the queue. */
  long overflowed() {
    return overflowed.get();
  }

  @Override
  public String toString() {
    return "passed " + passed + ", lost " + lost + ", overflowed " + overflowed;
  }
}
