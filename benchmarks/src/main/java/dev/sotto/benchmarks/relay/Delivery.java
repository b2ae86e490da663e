package dev.sotto.benchmarks.relay;

import org.HdrHistogram.Histogram;

/**
 * What became of a run: packets that should have come out of the server, packets that came to
 * receivers, numbers missing in their sequences, the nanoseconds that sampled ones took from
 * sender's socket to receiver's, and the processor time of the client's own loop.
 */
record Delivery(
    long expected, long received, long gaps, Histogram latencyNanos, double clientCpuSeconds) {

  /** Of what should have come; what a server never began to send counts too. */
  double lossPercent() {
    return expected == 0 ? 0 : Math.max(0, 100.0 * (expected - received) / expected);
  }
}
