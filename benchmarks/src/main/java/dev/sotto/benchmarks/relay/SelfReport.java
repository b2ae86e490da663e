package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.report.Figures;
import java.io.IOException;

/**
 * What a relay of ours says of itself between two moments: heap that its event loops have used, the
 * longest pause of its collector, and how many packets left with one message. Asking takes
 * processor time of the relay, so not while that is counted.
 */
final class SelfReport implements AutoCloseable {

  private static final String FORWARDED = "sotto_relay_rtp_packets_forwarded_total";
  private static final String SENT = "sotto_relay_packets_sent_total";
  private static final String MESSAGES = "sotto_relay_messages_sent_total";

  private final JvmFigures jvm;
  private final MetricsPage metrics;
  private State before = new State(0, 0, 0, 0, 0);

  /** Counts since the relay began. */
  record State(int pausesLogged, long allocatedBytes, long forwarded, long sent, long messages) {}

  SelfReport(JvmFigures jvm, MetricsPage metrics) {
    this.jvm = jvm;
    this.metrics = metrics;
  }

  /** From now on. */
  void begin() throws IOException {
    before = state();
  }

  private State state() throws IOException {
    MetricsPage.Values values = metrics.read();
    return new State(
        jvm.logged(),
        jvm.allocatedBytes(),
        values.sum(FORWARDED),
        values.sum(SENT),
        values.sum(MESSAGES));
  }

  /** Until now. */
  void end(Figures figures, String label) throws IOException {
    add(figures, label, before, state());
    figures.add(RelayMetric.GC_PAUSE, label, jvm.longestPauseMicros(before.pausesLogged));
  }

  static void add(Figures figures, String label, State before, State now) {
    double bytes = now.allocatedBytes - before.allocatedBytes;
    long forwarded = now.forwarded - before.forwarded;
    figures.add(RelayMetric.ALLOCATED, label, bytes / Math.max(1, forwarded));
    double packets = now.sent - before.sent;
    long messages = now.messages - before.messages;
    figures.add(RelayMetric.PER_MESSAGE, label, packets / Math.max(1, messages));
  }

  @Override
  public void close() {
    jvm.close();
  }
}
