package dev.sotto.benchmarks.turn;

import org.HdrHistogram.Histogram;

/**
 * What became of a load: packets sent, packets that came out at the other end, nanoseconds each
 * took.
 */
record Delivery(long sent, long received, Histogram latencyNanos) {

  double lossPercent() {
    return sent == 0 ? 0 : 100.0 * (sent - received) / sent;
  }
}
