package dev.sotto.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Repeated measurements of one case, by metric and server, in the order in which they were made.
 */
public final class Figures {

  /** The server that the others are compared with. */
  public static final String SOTTO = "sotto";

  private final String name;
  private final Map<Metric, Map<String, List<Double>>> values = new LinkedHashMap<>();

  public Figures(String name) {
    this.name = name;
  }

  /** Keeps a measurement of a server, which has its name in the report. */
  public void add(Metric metric, String server, double value) {
    values
        .computeIfAbsent(metric, it -> new LinkedHashMap<>())
        .computeIfAbsent(server, it -> new ArrayList<>())
        .add(value);
  }

  /**
   * A row for each metric that Sotto was measured by; ratios are of the runs that were made one
   * after the other.
   */
  public List<Row> rows() {
    return values.entrySet().stream()
        .filter(entry -> entry.getValue().containsKey(SOTTO))
        .map(entry -> row(entry.getKey(), entry.getValue()))
        .toList();
  }

  private Row row(Metric metric, Map<String, List<Double>> byServer) {
    List<Double> sotto = byServer.get(SOTTO);
    Map<String, Spread> peers = new LinkedHashMap<>();
    Map<String, Spread> ratios = new LinkedHashMap<>();
    byServer.forEach((server, measured) -> {
      if (!server.equals(SOTTO)) {
        peers.put(server, spread(measured));
        ratio(sotto, measured).ifPresent(ratio -> ratios.put(server, ratio));
      }
    });
    return new Row(name, metric.id(), metric.unit(), metric.better(), spread(sotto), peers, ratios);
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
