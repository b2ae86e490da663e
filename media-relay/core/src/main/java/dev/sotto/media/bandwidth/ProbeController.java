package dev.sotto.media.bandwidth;

/**
 * Decides when to probe and how fast: at the start, when much more is wanted than before, after a
 * fall from a rate that the media did not use, and now and then while more is wanted than the
 * target gives. A probe that brought nothing, or nothing that lasted, makes the next one wait twice
 * as long: on a path that is shared or full, probes only cost.
 */
final class ProbeController {
  static final long NEVER = Long.MAX_VALUE;

  /** Multiples of the start rate tried at once: most paths carry more than a careful start. */
  private static final double FIRST_PROBE = 3;

  private static final double SECOND_PROBE = 6;

  /** What a later probe tries, as a multiple of the target or of the last probe's result. */
  private static final double STEP = 2;

  /** A probe that came through nearly whole is followed by a faster one. */
  private static final double NEARLY_WHOLE = 0.7;

  private static final double WORTH = 1.1;

  /** A fall to less than this may have been from a rate that nothing tested. */
  private static final double BIG_FALL = 0.66;

  private static final double REGAIN = 0.85;
  private static final long REGAIN_WITHIN_NANOS = 5_000_000_000L;

  private static final long SHORTEST_INTERVAL_NANOS = 5_000_000_000L;
  private static final long LONGEST_INTERVAL_NANOS = 40_000_000_000L;

  /** A rise that is followed so soon by a fall was none. */
  private static final long LASTING_NANOS = 3_000_000_000L;

  /** After a fall the queue drains first. */
  private static final long QUIET_NANOS = 1_500_000_000L;

  private static final long RESULT_NANOS = 1_000_000_000L;

  /** Long enough that jitter of some milliseconds does not decide the result. */
  private static final double LENGTH_S = 0.025;

  private static final int MIN_PACKETS = 5;

  /** More wanted than this part above the target makes a probe worthwhile. */
  private static final double WANTED_MARGIN = 1.05;

  /** So much more wanted than at the last probe does not wait for the interval. */
  private static final double MUCH_MORE = 1.5;

  private final RateLimits limits;
  private final ProbeEstimator estimator;
  private final ProbeListener listener;
  private double desiredBps;
  private double desiredAtLaunchBps;
  private boolean started;
  private int lastId;
  private double lastRateBps;
  private double baselineBps;
  private long resultUntilNanos = Long.MIN_VALUE;
  private long intervalNanos = SHORTEST_INTERVAL_NANOS;
  private long nextNanos;
  private long raisedNanos = Long.MIN_VALUE;
  private double fellFromBps;
  private long fellNanos;

  ProbeController(RateLimits limits, ProbeEstimator estimator, ProbeListener listener) {
    this.limits = limits;
    this.estimator = estimator;
    this.listener = listener;
    desiredBps = (double) limits.maxBps();
  }

  void setDesired(double bps) {
    desiredBps = Math.min(bps, (double) limits.maxBps());
    if (started && desiredBps > MUCH_MORE * desiredAtLaunchBps) {
      nextNanos = Long.MIN_VALUE;
    }
  }

  boolean isStarted() {
    return started;
  }

  void start(double targetBps, long nowNanos) {
    started = true;
    nextNanos = nowNanos + intervalNanos;
    if (wantsMore(targetBps)) {
      launch(FIRST_PROBE * targetBps, targetBps, nowNanos);
      if (FIRST_PROBE * targetBps < ceilingBps()) {
        launch(SECOND_PROBE * targetBps, targetBps, nowNanos);
      }
    }
  }

  /** Probes if it is time. Called only while the path is calm. */
  void onTimer(double targetBps, long nowNanos) {
    if (nowNanos < nextNanos) {
      return;
    }
    if (raisedNanos != Long.MIN_VALUE && nowNanos - raisedNanos >= LASTING_NANOS) {
      intervalNanos = SHORTEST_INTERVAL_NANOS;
      raisedNanos = Long.MIN_VALUE;
    }
    nextNanos = nowNanos + intervalNanos;
    if (wantsMore(targetBps)) {
      launch(STEP * targetBps, targetBps, nowNanos);
    }
  }

  void onResult(double resultBps, long nowNanos) {
    if (nowNanos > resultUntilNanos) {
      return;
    }
    if (resultBps < WORTH * baselineBps) {
      failed();
      resultUntilNanos = nowNanos;
    } else {
      raisedNanos = nowNanos;
      if (resultBps > NEARLY_WHOLE * lastRateBps && wantsMore(resultBps)) {
        launch(STEP * resultBps, resultBps, nowNanos);
      }
    }
    nextNanos = nowNanos + intervalNanos;
  }

  /** The rate fell because the queue grew. */
  void onDecrease(double fromBps, double toBps, boolean limited, long nowNanos) {
    if (raisedNanos != Long.MIN_VALUE && nowNanos - raisedNanos < LASTING_NANOS) {
      failed();
    }
    raisedNanos = Long.MIN_VALUE;
    if (limited && toBps < BIG_FALL * fromBps) {
      fellFromBps = fromBps;
      fellNanos = nowNanos;
    }
    nextNanos = Math.max(nextNanos, nowNanos + QUIET_NANOS);
  }

  /** The queue has drained after a fall. */
  void onRecovered(double targetBps, long nowNanos) {
    if (fellFromBps > 0 && nowNanos - fellNanos < REGAIN_WITHIN_NANOS && wantsMore(targetBps)) {
      launch(REGAIN * fellFromBps, targetBps, nowNanos);
    }
    fellFromBps = 0;
  }

  private void failed() {
    intervalNanos = Math.min(2 * intervalNanos, LONGEST_INTERVAL_NANOS);
  }

  private boolean wantsMore(double targetBps) {
    return ceilingBps() > WANTED_MARGIN * targetBps;
  }

  private double ceilingBps() {
    return Math.min((double) limits.maxBps(), WANTED_MARGIN * desiredBps);
  }

  private void launch(double wantedBps, double baseline, long nowNanos) {
    double rateBps = Math.min(wantedBps, ceilingBps());
    if (rateBps <= baseline) {
      return;
    }
    lastId = lastId == Integer.MAX_VALUE ? 1 : lastId + 1;
    lastRateBps = rateBps;
    desiredAtLaunchBps = desiredBps;
    baselineBps = baseline;
    resultUntilNanos = nowNanos + RESULT_NANOS;
    int minBytes = (int) (rateBps * LENGTH_S / 8);
    estimator.expect(lastId, minBytes, MIN_PACKETS);
    listener.onProbe(lastId, (long) rateBps, minBytes, MIN_PACKETS);
  }

  long nextNanos(double targetBps) {
    return started && wantsMore(targetBps) ? nextNanos : NEVER;
  }
}
