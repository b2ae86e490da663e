package dev.sotto.benchmarks.relay;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What became of a run.
 *
 * @param expected packets that should have come out of the relay
 * @param received packets that came to receivers
 * @param gaps numbers that are missing in the sequences of those
 * @param latencyNanos of sampled packets, from the sender's socket to the receiver's
 * @param relayCpuSeconds processor time of the relay
 * @param clientCpuSeconds processor time of the client's only loop: that of the run's length, and
 *     the client is the limit
 */
record Delivery(
    long expected,
    long received,
    long gaps,
    Histogram latencyNanos,
    double relayCpuSeconds,
    double clientCpuSeconds) {

  /** Of what should have come; what a relay never began to send counts too. */
  double lossPercent() {
    return expected == 0 ? 0 : Math.max(0, 100.0 * (expected - received) / expected);
  }

  /** The figure of merit. */
  double packetsPerCpuSecond() {
    return received / Math.max(relayCpuSeconds, SMALLEST_CPU_SECONDS);
  }

  /** Of a core, while the run was counted. */
  double clientCpuPercent(Duration length) {
    return 100 * clientCpuSeconds / (length.toMillis() / 1e3);
  }

  double latencyMicros(double percentile) {
    return latencyNanos.getValueAtPercentile(percentile) / 1e3;
  }

  /** The kernel counts in steps of this. */
  private static final double SMALLEST_CPU_SECONDS = 0.01;
}
