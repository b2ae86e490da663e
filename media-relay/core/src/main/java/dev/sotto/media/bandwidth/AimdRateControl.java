package dev.sotto.media.bandwidth;

/**
 * The delay-based rate (draft-ietf-rmcat-gcc-02, section 5.5): grows by steps that are the same for
 * slow and fast flows, falls to a part of what arrived when the queue grows, and waits while a
 * queue stands. Instead of the draft's factor while the capacity is unknown, steps double for every
 * second without a queue: what the path gives anew is found in seconds, and shared paths are
 * shared.
 */
final class AimdRateControl {
  /** What is left of the acknowledged rate on overuse: low enough that the queue drains. */
  private static final double BACKOFF = 0.85;

  /** What is left at least: under heavy loss a flow may have got nothing by bad luck. */
  private static final double MOST_BACKOFF = 0.3;

  /** So long after a probe raised the rate encoders may still be on their way to it. */
  private static final long SETTLING_NANOS = 1_500_000_000L;

  private static final double SETTLING_BACKOFF = 0.7;

  /** Growth never falls below this, however small packets are. */
  private static final double LEAST_STEP_BPS_PER_S = 4_000;

  /**
   * After so long without a sign of a queue the path has more to give: growth doubles each second.
   */
  private static final double CALM_S = 2.5;

  /** A sign of a queue: more than what jitter leaves of a delay. */
  private static final double CALM_QUEUE_S = 0.02;

  private static final double MOST_DOUBLINGS = 10;

  /**
   * Growth a second never passes this part of the rate: it runs a round trip ahead of its effect.
   */
  private static final double MOST_GROWTH = 0.4;

  /** A queue that takes longer than this stops growth, so that flows that share it stay equal. */
  private static final double STANDING_S = 0.03;

  /** If the queue stays so long although the rate stands, it is not ours: growth goes on. */
  private static final long YIELD_NANOS = 2_000_000_000L;

  /** The rate may run ahead of what is seen to arrive by so much: beyond it nothing is known. */
  private static final double AHEAD = 1.5;

  private static final double AHEAD_BPS = 10_000;

  private static final double PACKET_BITS = 1200 * 8;

  /**
   * Growth in packets for each time in which its effect would show. The draft has one; four make
   * flows that share a path equal in half a minute and cost some milliseconds of queue.
   */
  private static final double STEP_PACKETS = 4;

  /** A step is at most this part of the rate a second, for slow flows. */
  private static final double MOST_STEP = 0.25;

  private static final double FRAMES_PER_S = 30;
  private static final long DETECTION_NANOS = 100_000_000;

  /** A reduction shows a round trip after encoders and layers have followed it. */
  private static final long MEDIA_REACTION_NANOS = 200_000_000;

  private static final long LONGEST_REACTION_NANOS = 800_000_000;

  private static final long NEVER = Long.MIN_VALUE;

  private final RateLimits limits;
  private final LinkCapacity capacity = new LinkCapacity();
  private boolean growing;
  private double rateBps;
  private long changedNanos;
  private long fellNanos = NEVER;
  private double fellFromBps;
  private long probedNanos = NEVER;
  private long calmSinceNanos;
  private long standingSinceNanos = NEVER;
  private long rttNanos = 200_000_000;

  AimdRateControl(RateLimits limits, long nowNanos) {
    this.limits = limits;
    calmSinceNanos = nowNanos;
    rateBps = (double) limits.startBps();
  }

  void onRtt(long nanos) {
    rttNanos = nanos;
  }

  /** The queue does not grow and no probe came back: grow or wait. */
  void update(
      BandwidthUsage usage,
      double queueSeconds,
      AcknowledgedRate acknowledged,
      boolean limited,
      long nowNanos) {
    if (usage != BandwidthUsage.NORMAL) {
      growing = false;
      return;
    }
    if (queueSeconds > CALM_QUEUE_S) {
      calmSinceNanos = nowNanos;
    }
    if (queueSeconds > STANDING_S) {
      if (standingSinceNanos == NEVER) {
        standingSinceNanos = nowNanos;
      }
      if (nowNanos - standingSinceNanos < YIELD_NANOS) {
        growing = false;
        return;
      }
    } else {
      standingSinceNanos = NEVER;
    }
    if (!growing) {
      growing = true;
      changedNanos = nowNanos;
      return;
    }
    increase(acknowledged, limited, nowNanos);
  }

  private void increase(AcknowledgedRate acknowledged, boolean limited, long nowNanos) {
    double seconds = Math.clamp((nowNanos - changedNanos) / 1e9, 0, 1);
    changedNanos = nowNanos;
    if (acknowledged.isKnown() && capacity.isBelow(acknowledged.bps())) {
      capacity.forget();
    }
    if (limited) {
      // Who does not use the rate does not test it either: only a probe may then raise it.
      calmSinceNanos = nowNanos;
      return;
    }
    double bound =
        acknowledged.isKnown() ? AHEAD * acknowledged.bps() + AHEAD_BPS : Double.MAX_VALUE;
    if (rateBps < bound) {
      set(Math.min(rateBps + growthBpsPerSecond(nowNanos) * seconds, bound));
    }
  }

  /**
   * Steps first, the same for fast and slow flows: that is what makes them equal. Later, and sooner
   * where no capacity is known or it was passed, more.
   */
  private double growthBpsPerSecond(long nowNanos) {
    double frameBits = rateBps / FRAMES_PER_S;
    double packetBits = frameBits / Math.ceil(frameBits / PACKET_BITS);
    double packets = STEP_PACKETS * packetBits * 1e9 / (rttNanos + DETECTION_NANOS);
    double step = Math.max(LEAST_STEP_BPS_PER_S, Math.min(packets, MOST_STEP * rateBps));
    double calm = (nowNanos - calmSinceNanos) / 1e9 - (capacity.isKnown() ? CALM_S : CALM_S / 2);
    double doublings = Math.clamp(calm, 0, MOST_DOUBLINGS);
    return Math.max(step, Math.min(step * Math.pow(2, doublings), MOST_GROWTH * rateBps));
  }

  /**
   * The queue grows: fall below what arrives. What arrives within a round trip of the first fall
   * was sent before it: until then a lower rate that becomes visible is followed if {@code again},
   * but not multiplied.
   *
   * @return whether this is a new fall
   */
  boolean decrease(AcknowledgedRate acknowledged, boolean again, long nowNanos) {
    long reaction = Math.min(rttNanos + MEDIA_REACTION_NANOS, LONGEST_REACTION_NANOS);
    boolean first = fellNanos == NEVER || nowNanos - fellNanos >= reaction;
    if (!first && !again) {
      return false;
    }
    if (first) {
      fellNanos = nowNanos;
      fellFromBps = rateBps;
    }
    double reduced = acknowledged.isKnown() ? reducedBps(acknowledged, nowNanos) : rateBps / 2;
    if (first && acknowledged.isKnown()) {
      learnCapacity(acknowledged.bps());
    }
    growing = false;
    calmSinceNanos = nowNanos;
    standingSinceNanos = NEVER;
    set(Math.min(rateBps, Math.max(reduced, MOST_BACKOFF * fellFromBps)));
    return first;
  }

  private double reducedBps(AcknowledgedRate acknowledged, long nowNanos) {
    double reduced = BACKOFF * acknowledged.bps();
    if (reduced > rateBps && capacity.isKnown()) {
      reduced = BACKOFF * capacity.bps();
    }
    if (probedNanos != NEVER && nowNanos - probedNanos < SETTLING_NANOS) {
      // The media has not yet followed the probe: what arrives is not all that fits.
      reduced = Math.max(reduced, SETTLING_BACKOFF * fellFromBps);
    }
    return reduced;
  }

  private void learnCapacity(double arrivingBps) {
    if (capacity.isAbove(arrivingBps)) {
      capacity.forget();
    }
    capacity.onOveruse(arrivingBps);
  }

  /** A probe passed at this rate. */
  void onProbe(double probedBps, long nowNanos) {
    if (probedBps > rateBps) {
      set(probedBps);
      probedNanos = nowNanos;
      changedNanos = nowNanos;
    }
    capacity.onProbe(probedBps);
  }

  /** Nothing is heard from the receiver. */
  void onSilence(double factor, long nowNanos) {
    growing = false;
    changedNanos = nowNanos;
    calmSinceNanos = nowNanos;
    set(rateBps * factor);
  }

  private void set(double bps) {
    rateBps = Math.clamp(bps, (double) limits.minBps(), (double) limits.maxBps());
  }

  double rateBps() {
    return rateBps;
  }
}
