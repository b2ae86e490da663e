package dev.sotto.media.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measured values of a case over several seeds, and the table of all cases. */
final class Outcomes {
  private static final List<String> ROWS = new ArrayList<>();

  private final String name;
  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  Outcomes(String name) {
    this.name = name;
  }

  void add(String metric, double value) {
    values.computeIfAbsent(metric, _ -> new ArrayList<>()).add(value);
  }

  double least(String metric) {
    return sorted(metric)[0];
  }

  double most(String metric) {
    double[] sorted = sorted(metric);
    return sorted[sorted.length - 1];
  }

  double median(String metric) {
    double[] sorted = sorted(metric);
    return sorted[sorted.length / 2];
  }

  /** What nine of ten values are above. */
  double low(String metric) {
    double[] sorted = sorted(metric);
    return sorted[sorted.length / 10];
  }

  /** What nine of ten values are below. */
  double high(String metric) {
    double[] sorted = sorted(metric);
    return sorted[sorted.length - 1 - sorted.length / 10];
  }

  private double[] sorted(String metric) {
    double[] sorted = values.get(metric).stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Adds this case to the table. */
  Outcomes report() {
    for (String metric : values.keySet()) {
      ROWS.add(
          "| %s | %s | %.2f | %.2f | %.2f | %.2f | %.2f |"
              .formatted(
                  name,
                  metric,
                  least(metric),
                  low(metric),
                  median(metric),
                  high(metric),
                  most(metric)));
    }
    return this;
  }

  static void write(Path file) {
    List<String> lines = new ArrayList<>();
    lines.add("| case | metric | least | 10 % | median | 90 % | most |");
    lines.add("|---|---|---|---|---|---|---|");
    lines.addAll(ROWS);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
