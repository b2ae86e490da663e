package dev.sotto.media.bandwidth;

/**
 * The slope of the one-way delay over the last bursts, by least squares: 0 while the path's queue
 * keeps its length, 0.1 when it grows by 100 ms a second. Takes the place of the Kalman filter of
 * draft-ietf-rmcat-gcc-02, section 5.3, as libwebrtc does: a line needs no model of noise.
 */
final class TrendlineEstimator {
  /** Bursts that the line is laid through: about 0.6 s of video at 30 frames a second. */
  private static final int WINDOW = 20;

  /** Weight of the past in the smoothed delay: single late bursts must not turn the line. */
  private static final double SMOOTHING = 0.9;

  /** The count of deltas that weighs the slope stops growing here. */
  private static final int MOST_DELTAS = 60;

  private final double[] arrivalMillis = new double[WINDOW];
  private final double[] delayMillis = new double[WINDOW];
  private int next;
  private int filled;
  private int deltas;
  private long firstArrivalMicros;
  private double accumulatedMillis;
  private double smoothedMillis;
  private double slope;

  void add(long sentDeltaMicros, long arrivalDeltaMicros, long arrivalMicros) {
    if (deltas == 0) {
      firstArrivalMicros = arrivalMicros;
    }
    deltas = Math.min(deltas + 1, MOST_DELTAS);
    accumulatedMillis += (arrivalDeltaMicros - sentDeltaMicros) / 1e3;
    smoothedMillis = SMOOTHING * smoothedMillis + (1 - SMOOTHING) * accumulatedMillis;
    arrivalMillis[next] = (arrivalMicros - firstArrivalMicros) / 1e3;
    delayMillis[next] = smoothedMillis;
    next = (next + 1) % WINDOW;
    filled = Math.min(filled + 1, WINDOW);
    if (filled == WINDOW) {
      slope = fit();
    }
  }

  private double fit() {
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < WINDOW; i++) {
      meanX += arrivalMillis[i];
      meanY += delayMillis[i];
    }
    meanX /= WINDOW;
    meanY /= WINDOW;
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < WINDOW; i++) {
      double x = arrivalMillis[i] - meanX;
      covariance += x * (delayMillis[i] - meanY);
      variance += x * x;
    }
    return variance == 0 ? slope : covariance / variance;
  }

  /** Milliseconds of delay a millisecond; 0 until there are bursts enough. */
  double slope() {
    return slope;
  }

  /** How many deltas the slope rests on, up to 60: early slopes weigh less. */
  int deltas() {
    return deltas;
  }
}
