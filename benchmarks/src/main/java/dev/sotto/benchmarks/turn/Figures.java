package dev.sotto.benchmarks.turn;

import dev.sotto.benchmarks.report.Row;
import dev.sotto.benchmarks.report.Row.Better;
import dev.sotto.benchmarks.report.Spread;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Repeated measurements of one case, by metric and server, in the order in which they were made.
 */
final class Figures {

  /** What is measured, and in which unit. */
  enum Metric {
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

    Metric(String id, String unit, Better better) {
      this.id = id;
      this.unit = unit;
      this.better = better;
    }
  }

  private final String name;
  private final Map<Metric, Map<ServerUnderTest.Kind, List<Double>>> values =
      new EnumMap<>(Metric.class);

  Figures(String name) {
    this.name = name;
  }

  void add(Metric metric, ServerUnderTest.Kind server, double value) {
    values
        .computeIfAbsent(metric, it -> new EnumMap<>(ServerUnderTest.Kind.class))
        .computeIfAbsent(server, it -> new ArrayList<>())
        .add(value);
  }

  /** A row for each metric; ratios are of the runs that were made one after the other. */
  List<Row> rows() {
    return values.entrySet().stream().map(entry -> row(entry.getKey(), entry.getValue())).toList();
  }

  private Row row(Metric metric, Map<ServerUnderTest.Kind, List<Double>> byServer) {
    List<Double> sotto = byServer.get(ServerUnderTest.Kind.SOTTO);
    Map<String, Spread> peers = new LinkedHashMap<>();
    Map<String, Spread> ratios = new LinkedHashMap<>();
    byServer.forEach((kind, measured) -> {
      if (kind != ServerUnderTest.Kind.SOTTO) {
        peers.put(kind.label(), spread(measured));
        ratio(sotto, measured).ifPresent(ratio -> ratios.put(kind.label(), ratio));
      }
    });
    return new Row(name, metric.id, metric.unit, metric.better, spread(sotto), peers, ratios);
  }

  /** None where a peer measured nothing at all, such as no loss. */
  private static Optional<Spread> ratio(List<Double> sotto, List<Double> peer) {
    double[] ratios = new double[Math.min(sotto.size(), peer.size())];
    for (int i = 0; i < ratios.length; i++) {
      if (peer.get(i) == 0) {
        return Optional.empty();
      }
      ratios[i] = sotto.get(i) / peer.get(i);
    }
    return Optional.of(Spread.of(ratios));
  }

  private static Spread spread(List<Double> values) {
    return Spread.of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
