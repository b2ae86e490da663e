package dev.sotto.benchmarks.report;

import java.util.Map;

/**
 * One metric of one case. {@code peers} and {@code ratio} (sotto / peer, from paired runs) are by
 * peer name and empty where nothing is compared.
 */
public record Row(
    String name,
    String metric,
    String unit,
    Better better,
    Spread sotto,
    Map<String, Spread> peers,
    Map<String, Spread> ratio) {

  /** Which way is good. */
  public enum Better {
    LOWER,
    HIGHER
  }

  /** A row without a peer. */
  public static Row alone(String name, String metric, String unit, Better better, Spread sotto) {
    return new Row(name, metric, unit, better, sotto, Map.of(), Map.of());
  }
}
