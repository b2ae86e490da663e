package dev.sotto.benchmarks.turn;

import dev.sotto.benchmarks.report.Metric;
import dev.sotto.benchmarks.report.Row.Better;

/** What is measured of TURN servers, and in which unit. */
enum TurnMetric implements Metric {
  CPU_PER_PACKET("cpu-us-per-packet", "µs", Better.LOWER),
  LOSS("loss-percent", "%", Better.LOWER),
  LATENCY_P50("latency-p50-us", "µs", Better.LOWER),
  LATENCY_P99("latency-p99-us", "µs", Better.LOWER),
  CPU_PER_ALLOCATION("cpu-us-per-allocation", "µs", Better.LOWER),
  ALLOCATIONS("allocations-per-s", "1/s", Better.HIGHER),
  MEMORY("rss-bytes-per-allocation", "bytes", Better.LOWER),
  LIVE_HEAP("live-heap-bytes-per-allocation", "bytes", Better.LOWER);

  private final String id;
  private final String unit;
  private final Better better;

  TurnMetric(String id, String unit, Better better) {
    this.id = id;
    this.unit = unit;
    this.better = better;
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
    return better;
  }
}
