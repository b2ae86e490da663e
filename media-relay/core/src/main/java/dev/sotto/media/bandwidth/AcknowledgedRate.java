package dev.sotto.media.bandwidth;

/**
 * The rate at which the receiver gets packets, in bits a second: windows of 150 ms, each weighed
 * against the estimate by how far it is off (a Bayesian update): frames of uneven size pass, a
 * capacity that fell shows within two or three windows.
 */
final class AcknowledgedRate {
  private static final long FIRST_WINDOW_MICROS = 500_000;
  private static final long WINDOW_MICROS = 150_000;

  /** How much less a window is believed for each part that it is off. */
  private static final double DOUBT = 10;

  /** Variance that every window adds: the rate itself moves. In (kbit/s)². */
  private static final double DRIFT = 5;

  private static final double FIRST_VARIANCE = 50;

  /** Added when the rate is known to change at once, so that the next windows are believed. */
  private static final double EXPECTED_CHANGE_VARIANCE = 200;

  /** Two windows in a row below this part are no accident of frame sizes: the capacity fell. */
  private static final double COLLAPSE = 0.6;

  private boolean started;
  private long windowStartMicros;
  private long latestMicros;
  private long windowBytes;
  private double estimateKbps = -1;
  private double variance = FIRST_VARIANCE;
  private boolean wasCollapsed;

  void add(long arrivalMicros, int bytes) {
    if (!started || arrivalMicros < latestMicros - FIRST_WINDOW_MICROS) {
      // The first packet, or an arrival clock that was set back.
      started = true;
      windowStartMicros = arrivalMicros;
      latestMicros = arrivalMicros;
      windowBytes = 0;
    }
    long length = estimateKbps < 0 ? FIRST_WINDOW_MICROS : WINDOW_MICROS;
    if (arrivalMicros - latestMicros > length) {
      // A pause says nothing of the path: what came before it is not spread over it.
      windowBytes = 0;
      windowStartMicros = arrivalMicros;
    }
    latestMicros = Math.max(latestMicros, arrivalMicros);
    if (arrivalMicros - windowStartMicros >= length) {
      update(windowBytes * 8e3 / length);
      windowStartMicros += length;
      if (arrivalMicros - windowStartMicros >= length) {
        windowStartMicros = arrivalMicros;
      }
      windowBytes = 0;
    }
    windowBytes += bytes;
  }

  private void update(double sampleKbps) {
    if (estimateKbps < 0) {
      estimateKbps = sampleKbps;
      return;
    }
    boolean collapsed = sampleKbps < COLLAPSE * estimateKbps;
    if (collapsed && wasCollapsed) {
      expectChange();
    }
    wasCollapsed = collapsed;
    double off = DOUBT * Math.abs(estimateKbps - sampleKbps) / Math.max(estimateKbps, 1);
    double sampleVariance = off * off;
    double predicted = variance + DRIFT;
    estimateKbps =
        (sampleVariance * estimateKbps + predicted * sampleKbps) / (sampleVariance + predicted);
    variance = sampleVariance * predicted / (sampleVariance + predicted);
  }

  void expectChange() {
    variance += EXPECTED_CHANGE_VARIANCE;
  }

  boolean isKnown() {
    return estimateKbps >= 0;
  }

  /** Bits a second; 0 while unknown. */
  double bps() {
    return Math.max(0, estimateKbps * 1e3);
  }
}
