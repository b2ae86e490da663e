package dev.sotto.signalling;

/**
 * Totals since the start, and current gauges, of the signalling role.
 *
 * @param waitingSessions those of {@code sessions} whose clients lost their connection and may
 *     resume (XEP-0198)
 */
public record SignallingCounters(
    long connections,
    long sessions,
    long stanzasRouted,
    long authSuccesses,
    long authFailures,
    long streamErrors,
    long callsProposed,
    long waitingSessions,
    long resumptions,
    long failedResumptions) {}
