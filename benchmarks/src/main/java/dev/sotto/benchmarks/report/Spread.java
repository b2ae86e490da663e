package dev.sotto.benchmarks.report;

import java.util.Arrays;

/** The middle and the ends of repeated measurements. */
public record Spread(double median, double min, double max) {

  /** Of at least one value. */
  public static Spread of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Spread(percentile(sorted, 50), sorted[0], sorted[sorted.length - 1]);
  }

  /**
   * The smallest of the ascending values that at least {@code percent} of them do not exceed
   * (nearest rank: always a value that was measured).
   */
  public static double percentile(double[] ascending, double percent) {
    int rank = (int) Math.ceil(percent / 100 * ascending.length);
    return ascending[Math.max(rank, 1) - 1];
  }
}
