package dev.sotto.media.bandwidth;

/**
 * The capacity at which the path was last found full, with its spread: inside of it the rate grows
 * by small steps, outside of it the path has changed and the memory is dropped
 * (draft-ietf-rmcat-gcc-02, section 5.5: "close to convergence").
 */
final class LinkCapacity {
  private static final double OVERUSE_WEIGHT = 0.05;
  private static final double PROBE_WEIGHT = 0.5;

  /** Bounds of the normalised variance: spreads of about 2 to 5 % at 1 Mbit/s. */
  private static final double LEAST_VARIANCE = 0.4;

  private static final double MOST_VARIANCE = 2.5;
  private static final double SPREADS = 3;

  private double estimateKbps = -1;
  private double variance = LEAST_VARIANCE;

  void onOveruse(double acknowledgedBps) {
    update(acknowledgedBps / 1e3, OVERUSE_WEIGHT);
  }

  void onProbe(double probedBps) {
    update(probedBps / 1e3, PROBE_WEIGHT);
  }

  private void update(double sampleKbps, double weight) {
    if (estimateKbps < 0) {
      estimateKbps = sampleKbps;
    } else {
      estimateKbps += weight * (sampleKbps - estimateKbps);
    }
    double error = estimateKbps - sampleKbps;
    double normalised = error * error / Math.max(estimateKbps, 1);
    variance =
        Math.clamp((1 - weight) * variance + weight * normalised, LEAST_VARIANCE, MOST_VARIANCE);
  }

  void forget() {
    estimateKbps = -1;
  }

  boolean isKnown() {
    return estimateKbps >= 0;
  }

  double bps() {
    return estimateKbps * 1e3;
  }

  boolean isAbove(double rateBps) {
    return isKnown() && rateBps < (estimateKbps - spreadKbps()) * 1e3;
  }

  boolean isBelow(double rateBps) {
    return isKnown() && rateBps > (estimateKbps + spreadKbps()) * 1e3;
  }

  private double spreadKbps() {
    return SPREADS * Math.sqrt(variance * estimateKbps);
  }
}
