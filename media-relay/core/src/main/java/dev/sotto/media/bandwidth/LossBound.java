package dev.sotto.media.bandwidth;

/**
 * The rate above which losses are the path's answer to too much. Each quarter of a second gives an
 * observation (rate sent, packets, packets lost); the model says that a path of capacity {@code b}
 * loses whatever is above {@code b}, and of the rest an inherent part whatever the rate is (radio).
 * A few capacities are compared by how likely they make the last observations, and the best one is
 * the bound: loss that does not depend on the rate does not lower it, loss that does, does. The
 * idea is that of libwebrtc's second loss-based estimator.
 */
final class LossBound {
  static final double NONE = Double.POSITIVE_INFINITY;

  private static final int WINDOWS = 16;
  private static final long WINDOW_NANOS = 250_000_000;
  private static final int WINDOW_PACKETS = 10;

  /** Weight of an observation against the one after it. */
  private static final double AGEING = 0.9;

  private static final double LEAST_INHERENT = 0.001;

  /**
   * Loss beyond 12 % is believed to depend on the rate (no link that is worth using loses more by
   * itself), except at low rates, where little is won by sending less.
   */
  private static final double MOST_INHERENT = 0.12;

  private static final double MOST_INHERENT_BPS = 20_000;

  /**
   * How much a higher capacity counts, per packet and factor e: of two capacities that explain the
   * same, the higher is right, since the delay would tell.
   */
  private static final double PREFERENCE = 0.004;

  /** Capacities that are compared with the present bound. */
  private static final double UP = 1.05;

  private static final double DOWN = 0.93;

  /** What is left at least after one observation. */
  private static final double MOST_FALL = 0.5;

  /** The bound is not raised further above what arrives. */
  private static final double AHEAD = 1.5;

  /** Loss that does not speak against a probe. */
  private static final double HARMLESS = 0.02;

  private static final int NEWTON_STEPS = 3;

  private final double[] sentBps = new double[WINDOWS];
  private final int[] packets = new int[WINDOWS];
  private final int[] lost = new int[WINDOWS];
  private int next;
  private int filled;
  private boolean open;
  private long openedNanos;
  private int openBytes;
  private int openPackets;
  private int openLost;
  private double boundBps = NONE;
  private double bestBps;
  private double bestScore;

  void onPacket(long sentNanos, int bytes, boolean isLost) {
    if (!open || sentNanos < openedNanos) {
      openedNanos = open ? Math.min(openedNanos, sentNanos) : sentNanos;
      open = true;
    }
    openBytes += bytes;
    openPackets++;
    if (isLost) {
      openLost++;
    }
  }

  /** A packet that counted as lost has arrived after all. */
  void onLateArrival() {
    openLost--;
  }

  /** Closes the observation if it is long enough, and moves the bound. */
  void update(long lastSentNanos, double delayBasedBps, AcknowledgedRate acknowledged) {
    long lengthNanos = lastSentNanos - openedNanos;
    if (!open || lengthNanos < WINDOW_NANOS || openPackets < WINDOW_PACKETS) {
      return;
    }
    sentBps[next] = openBytes * 8e9 / lengthNanos;
    packets[next] = openPackets;
    lost[next] = Math.clamp(openLost, 0, openPackets);
    next = (next + 1) % WINDOWS;
    filled = Math.min(filled + 1, WINDOWS);
    open = false;
    openBytes = 0;
    openPackets = 0;
    openLost = 0;
    move(delayBasedBps, acknowledged);
  }

  private void move(double delayBasedBps, AcknowledgedRate acknowledged) {
    if (boundBps == NONE && averageLoss() == 0) {
      return;
    }
    double present = Math.min(boundBps, delayBasedBps);
    double highest = acknowledged.isKnown() ? AHEAD * acknowledged.bps() : delayBasedBps;
    double arriving = acknowledged.isKnown() ? acknowledged.bps() : present;
    // Up by steps, since nothing has tested more; down by steps, or at once to what arrives.
    bestBps = present;
    bestScore = score(present);
    consider(Math.min(present * UP, Math.max(present, highest)));
    consider(present * DOWN);
    consider(Math.clamp(arriving, MOST_FALL * present, present));
    boundBps = bestBps >= delayBasedBps ? NONE : bestBps;
  }

  /** A probe passed at this rate: the bound may be older than that. */
  void onProbe(double probedBps) {
    if (boundBps < probedBps && averageLoss() < HARMLESS) {
      boundBps = probedBps;
    }
  }

  private void consider(double candidateBps) {
    double score = score(candidateBps);
    if (score > bestScore) {
      bestScore = score;
      bestBps = candidateBps;
    }
  }

  /** The logarithm of the likelihood of what was observed, if the capacity were this. */
  private double score(double capacityBps) {
    double inherent = inherentLoss(capacityBps);
    double score = 0;
    double weight = 1;
    double weighted = 0;
    for (int age = 1; age <= filled; age++) {
      int i = (next - age + WINDOWS) % WINDOWS;
      double p = lossProbability(inherent, sentBps[i], capacityBps);
      score += weight * (lost[i] * Math.log(p) + (packets[i] - lost[i]) * Math.log(1 - p));
      weighted += weight * packets[i];
      weight *= AGEING;
    }
    return score + PREFERENCE * weighted * Math.log(capacityBps);
  }

  /** The inherent loss that explains best what was observed, by Newton's method. */
  private double inherentLoss(double capacityBps) {
    double most = MOST_INHERENT + MOST_INHERENT_BPS / capacityBps;
    double inherent = averageLoss();
    for (int step = 0; step < NEWTON_STEPS; step++) {
      inherent = Math.clamp(inherent, LEAST_INHERENT, Math.min(most, 0.5));
      double slope = 0;
      double curvature = 0;
      double weight = 1;
      for (int age = 1; age <= filled; age++) {
        int i = (next - age + WINDOWS) % WINDOWS;
        double p = lossProbability(inherent, sentBps[i], capacityBps);
        double rise = (1 - p) / (1 - inherent);
        int arrived = packets[i] - lost[i];
        slope += weight * (lost[i] * rise / p - arrived * rise / (1 - p));
        curvature -= weight * rise * rise * (lost[i] / (p * p) + arrived / ((1 - p) * (1 - p)));
        weight *= AGEING;
      }
      if (curvature == 0) {
        break;
      }
      inherent -= slope / curvature;
    }
    return Math.clamp(inherent, LEAST_INHERENT, Math.min(most, 0.5));
  }

  private double averageLoss() {
    double all = 0;
    double gone = 0;
    double weight = 1;
    for (int age = 1; age <= filled; age++) {
      int i = (next - age + WINDOWS) % WINDOWS;
      all += weight * packets[i];
      gone += weight * lost[i];
      weight *= AGEING;
    }
    return all == 0 ? 0 : gone / all;
  }

  private static double lossProbability(double inherent, double sent, double capacity) {
    double above = sent > capacity ? (sent - capacity) / sent : 0;
    return Math.clamp(inherent + (1 - inherent) * above, 1e-6, 1 - 1e-6);
  }

  /** Bits a second; {@link #NONE} if losses set no bound. */
  double bps() {
    return boundBps;
  }
}
