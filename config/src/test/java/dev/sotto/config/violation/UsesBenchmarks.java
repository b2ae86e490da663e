package dev.sotto.config.violation;

/** Breaks: nothing imports the benchmarks. */
record UsesBenchmarks(dev.sotto.benchmarks.violation.Target target) {}
