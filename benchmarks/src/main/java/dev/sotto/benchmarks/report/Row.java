package dev.sotto.benchmarks.report;

import java.util.Locale;
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

  /** One line for the terminal, and one more for each peer. */
  public String toText() {
    StringBuilder text = new StringBuilder(line(name, metric, sotto, unit));
    peers.forEach((peer, spread) -> {
      text.append('\n').append(line("", peer, spread, unit));
      Spread of = ratio.get(peer);
      if (of != null) {
        text.append(
            String.format(
                Locale.ROOT, "; ratio %.2f (%.2f to %.2f)", of.median(), of.min(), of.max()));
      }
    });
    return text.toString();
  }

  private static String line(String name, String what, Spread spread, String unit) {
    return String.format(
        Locale.ROOT,
        "%-48s %-32s %12.1f  (%.1f to %.1f) %s",
        name,
        what,
        spread.median(),
        spread.min(),
        spread.max(),
        unit);
  }

  /** A row without a peer. */
  public static Row alone(String name, String metric, String unit, Better better, Spread sotto) {
    return new Row(name, metric, unit, better, sotto, Map.of(), Map.of());
  }
}
