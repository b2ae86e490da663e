package dev.sotto.media.loss;

import java.util.Arrays;

/**
 * Keeps one receiver from getting a packet twice within a round trip, however often it asks: the
 * first answer is still under way. Remembers the last 256 answers by sequence number, in whatever
 * number space the caller uses throughout.
 */
public final class RetransmissionThrottle {
  /** Taken while the round trip time is not known, or as its least value. */
  static final long MIN_INTERVAL_NANOS = 20_000_000L;

  static final int REMEMBERED_PACKETS = 256;

  private static final int NO_NUMBER = -1;

  private final int[] numbers = new int[REMEMBERED_PACKETS];
  private final long[] sentNanos = new long[REMEMBERED_PACKETS];
  private long refused;

  public RetransmissionThrottle() {
    Arrays.fill(numbers, NO_NUMBER);
  }

  /**
   * Whether the packet may be sent again now; if so this counts as sending it.
   *
   * @param roundTripNanos to the receiver, 0 or less if not known
   */
  public boolean tryAcquire(int sequenceNumber, long nowNanos, long roundTripNanos) {
    int slot = sequenceNumber & (REMEMBERED_PACKETS - 1);
    if (numbers[slot] == sequenceNumber
        && nowNanos - sentNanos[slot] < Math.max(roundTripNanos, MIN_INTERVAL_NANOS)) {
      refused++;
      return false;
    }
    numbers[slot] = sequenceNumber;
    sentNanos[slot] = nowNanos;
    return true;
  }

  /** Requests that came too soon. */
  public long refusedRequests() {
    return refused;
  }
}
