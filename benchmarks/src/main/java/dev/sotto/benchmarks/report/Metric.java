package dev.sotto.benchmarks.report;

import dev.sotto.benchmarks.report.Row.Better;

/** What is measured. */
public interface Metric {
  /** Its name in reports, which scripts read. */
  String id();

  String unit();

  Better better();
}
