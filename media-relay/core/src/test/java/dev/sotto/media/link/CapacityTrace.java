package dev.sotto.media.link;

/** A capacity that changes in steps. */
final class CapacityTrace {
  private final double[] fromSeconds;
  private final double[] bps;

  private CapacityTrace(double[] fromSeconds, double[] bps) {
    this.fromSeconds = fromSeconds;
    this.bps = bps;
  }

  /** Pairs of time in seconds, the first 0, and capacity in bits a second, above 0. */
  static CapacityTrace of(double... secondsAndBps) {
    int steps = secondsAndBps.length / 2;
    double[] from = new double[steps];
    double[] bps = new double[steps];
    for (int i = 0; i < steps; i++) {
      from[i] = secondsAndBps[2 * i];
      bps[i] = secondsAndBps[2 * i + 1];
    }
    return new CapacityTrace(from, bps);
  }

  double bpsAt(double seconds) {
    return bps[stepAt(seconds)];
  }

  /** When bits that begin to leave at a time have left. */
  double finish(double startSeconds, double bits) {
    double at = startSeconds;
    double left = bits;
    for (int step = stepAt(startSeconds); ; step++) {
      double end = step + 1 < fromSeconds.length ? fromSeconds[step + 1] : Double.MAX_VALUE;
      double needed = left / bps[step];
      if (at + needed <= end) {
        return at + needed;
      }
      left -= (end - at) * bps[step];
      at = end;
    }
  }

  /** Bits that pass in a span of time when the link is always full. */
  double bits(double startSeconds, double endSeconds) {
    double bits = 0;
    for (int step = 0; step < bps.length; step++) {
      double end = step + 1 < fromSeconds.length ? fromSeconds[step + 1] : Double.MAX_VALUE;
      double overlap = Math.min(end, endSeconds) - Math.max(fromSeconds[step], startSeconds);
      bits += Math.max(0, overlap) * bps[step];
    }
    return bits;
  }

  private int stepAt(double seconds) {
    int step = 0;
    while (step + 1 < fromSeconds.length && fromSeconds[step + 1] <= seconds) {
      step++;
    }
    return step;
  }
}
