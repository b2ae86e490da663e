package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.report.Metric;
import dev.sotto.benchmarks.report.Row.Better;

/** What is measured of relays, and in which unit. */
enum RelayMetric implements Metric {
  PACKETS_PER_CPU_SECOND("packets-out-per-cpu-s", "1/s", Better.HIGHER),
  LATENCY_P50("latency-p50-us", "µs", Better.LOWER),
  LATENCY_P99("latency-p99-us", "µs", Better.LOWER),
  LATENCY_P999("latency-p999-us", "µs", Better.LOWER),
  LOSS("loss-percent", "%", Better.LOWER),
  MEMORY("rss-bytes-per-endpoint", "bytes", Better.LOWER),
  RECEIVERS("receivers", "receivers", Better.HIGHER),
  SATURATION("receivers-at-saturation", "receivers", Better.HIGHER),
  ALLOCATED("allocated-bytes-per-packet", "bytes", Better.LOWER),
  PER_MESSAGE("packets-per-message", "packets", Better.HIGHER),
  GC_PAUSE("gc-pause-max-us", "µs", Better.LOWER),
  CLIENT("load-client-cpu-percent", "% of a core", Better.LOWER);

  private final String id;
  private final String unit;
  private final Better better;

  RelayMetric(String id, String unit, Better better) {
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
