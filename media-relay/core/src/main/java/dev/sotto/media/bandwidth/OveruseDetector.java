package dev.sotto.media.bandwidth;

/**
 * Compares the delay's slope with a threshold that adapts itself (draft-ietf-rmcat-gcc-02, sections
 * 5.4 and 5.5): it rises where other flows make the delay swing, since a fixed one would be starved
 * by them, and falls again when the path is calm.
 */
final class OveruseDetector {
  /** Makes the slope comparable with a threshold in milliseconds of queue. */
  private static final double GAIN = 4;

  /** Speeds at which the threshold rises and falls, per millisecond (section 5.4 of the draft). */
  private static final double RISE = 0.0087;

  private static final double FALL = 0.039;

  private static final double FIRST_THRESHOLD = 12.5;
  private static final double LOWEST_THRESHOLD = 6;
  private static final double HIGHEST_THRESHOLD = 600;

  /** A slope so far above the threshold is a capacity that fell, not one to adapt to. */
  private static final double OUTLIER = 15;

  /** Overuse must last so long, over more than one burst. */
  private static final double OVERUSE_MILLIS = 10;

  /** A gap in feedback adapts the threshold no more than this. */
  private static final double LONGEST_STEP_MILLIS = 100;

  private double threshold = FIRST_THRESHOLD;
  private double overuseMillis = -1;
  private int overuseCount;
  private double previousSlope;
  private boolean updated;
  private long updatedMicros;
  private BandwidthUsage usage = BandwidthUsage.NORMAL;

  void detect(TrendlineEstimator trend, long sentDeltaMicros, long arrivalMicros) {
    if (trend.deltas() < 2) {
      return;
    }
    double slope = trend.slope();
    double weighted = slope * trend.deltas() * GAIN;
    if (weighted > threshold) {
      double step = sentDeltaMicros / 1e3;
      // The first burst over the threshold crossed it at an unknown time: half of its step counts.
      overuseMillis = overuseMillis < 0 ? step / 2 : overuseMillis + step;
      overuseCount++;
      if (overuseMillis > OVERUSE_MILLIS && overuseCount > 1 && slope >= previousSlope) {
        overuseMillis = 0;
        overuseCount = 0;
        usage = BandwidthUsage.OVERUSING;
      }
    } else {
      overuseMillis = -1;
      overuseCount = 0;
      usage = weighted < -threshold ? BandwidthUsage.UNDERUSING : BandwidthUsage.NORMAL;
    }
    previousSlope = slope;
    adapt(Math.abs(weighted), arrivalMicros);
  }

  private void adapt(double weighted, long arrivalMicros) {
    double step = updated ? (arrivalMicros - updatedMicros) / 1e3 : 0;
    updated = true;
    updatedMicros = arrivalMicros;
    if (weighted > threshold + OUTLIER) {
      return;
    }
    double speed = weighted < threshold ? FALL : RISE;
    double adapted =
        threshold + speed * (weighted - threshold) * Math.clamp(step, 0, LONGEST_STEP_MILLIS);
    threshold = Math.clamp(adapted, LOWEST_THRESHOLD, HIGHEST_THRESHOLD);
  }

  BandwidthUsage usage() {
    return usage;
  }
}
