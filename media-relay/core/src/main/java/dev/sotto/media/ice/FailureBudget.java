package dev.sotto.media.ice;

import java.net.InetAddress;
import java.util.random.RandomGenerator;

/**
 * How many failed checks a host may cost per second and session, in a table of fixed size: sources
 * share a slot by a keyed hash, so one that has not authenticated costs no memory and cannot choose
 * whom it shares with. A host is an IPv4 address or an IPv6 /64, since ports and the rest are its
 * own to vary; the session counts so that one member behind a NAT cannot use up what the others
 * have.
 */
final class FailureBudget {
  private static final int SLOTS = 1 << 12;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
  private static final int IPV6_PREFIX_BYTES = 8;

  private final long nanosPerFailure;
  private final long burstNanos;
  private final long secret;

  /**
   * Per slot, up to when its failures are paid for: a failure moves it on by what one costs. That
   * is a token bucket in one number.
   */
  private final long[] paidUntilNanos = new long[SLOTS];

  private final boolean[] used = new boolean[SLOTS];

  FailureBudget(int failuresPerSecond, int burst, RandomGenerator random) {
    nanosPerFailure = NANOS_PER_SECOND / failuresPerSecond;
    burstNanos = nanosPerFailure * burst;
    secret = random.nextLong();
  }

  /** Whether one more failure of this host in this session is affordable. */
  boolean allows(InetAddress host, long session, long nowNanos) {
    int slot = slot(host, session);
    return !used[slot] || paidUntilNanos[slot] - nowNanos <= burstNanos - nanosPerFailure;
  }

  /** Counts a failure of this host in this session. */
  void charge(InetAddress host, long session, long nowNanos) {
    int slot = slot(host, session);
    boolean owes = used[slot] && paidUntilNanos[slot] - nowNanos > 0;
    paidUntilNanos[slot] = (owes ? paidUntilNanos[slot] : nowNanos) + nanosPerFailure;
    used[slot] = true;
  }

  private int slot(InetAddress host, long session) {
    byte[] bytes = host.getAddress();
    long hash = (secret ^ session) * GOLDEN_RATIO;
    hash ^= hash >>> 32;
    for (int i = 0; i < Math.min(bytes.length, IPV6_PREFIX_BYTES); i++) {
      hash = (hash ^ bytes[i]) * GOLDEN_RATIO;
      hash ^= hash >>> 32;
    }
    return (int) (hash & SLOTS - 1);
  }
}
