package dev.sotto.signalling;

/** Totals since the start, and current gauges, of the signalling role. */
public record SignallingCounters(
    long connections,
    long sessions,
    long stanzasRouted,
    long authSuccesses,
    long authFailures,
    long streamErrors,
    long callsProposed) {}
