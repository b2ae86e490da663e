package dev.sotto.benchmarks.micro;

import dev.sotto.benchmarks.report.Metric;
import dev.sotto.benchmarks.report.Row.Better;

/** What JMH measures. */
enum MicroMetric implements Metric {
  TIME("ns-per-operation", "ns"),

  /** What JMH calls {@code gc.alloc.rate.norm}. */
  HEAP("heap-bytes-per-operation", "bytes");

  private final String id;
  private final String unit;

  MicroMetric(String id, String unit) {
    this.id = id;
    this.unit = unit;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public Better better() {
    return Better.LOWER;
  }
}
