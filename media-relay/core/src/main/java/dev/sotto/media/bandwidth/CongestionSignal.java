package dev.sotto.media.bandwidth;

/**
 * Whether the rate has to fall: the delay's slope says so and a queue confirms it, or a long queue
 * stands. The queue keeps noise from costing rate, and flows that share it fall together, which
 * their fairness rests on. A queue that stays whatever this sender does is another's (a TCP
 * flow's): it is then left to the slope alone.
 */
final class CongestionSignal {
  /** A growing delay with less of a queue than this is jitter, or frames of uneven size. */
  private static final double CONFIRMED_S = 0.02;

  private static final double LONG_QUEUE_S = 0.05;

  /** The time in which a reduction should have shortened a long queue. */
  private static final long DRAIN_NANOS = 1_000_000_000L;

  private static final int MOST_IN_A_ROW = 3;

  private long fallenNanos = Long.MIN_VALUE;
  private int inARow;
  private boolean congested;

  void update(BandwidthUsage usage, double queueSeconds, long nowNanos) {
    if (queueSeconds < LONG_QUEUE_S) {
      inARow = 0;
    }
    boolean growing = usage == BandwidthUsage.OVERUSING && queueSeconds > CONFIRMED_S;
    boolean standing =
        queueSeconds > LONG_QUEUE_S
            && inARow < MOST_IN_A_ROW
            && (fallenNanos == Long.MIN_VALUE || nowNanos - fallenNanos > DRAIN_NANOS);
    congested = growing || standing;
    if (standing && !growing) {
      inARow++;
    }
  }

  void onDecrease(long nowNanos) {
    fallenNanos = nowNanos;
  }

  boolean isCongested() {
    return congested;
  }
}
