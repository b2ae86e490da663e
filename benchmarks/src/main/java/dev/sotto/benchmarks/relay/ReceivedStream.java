package dev.sotto.benchmarks.relay;

import dev.sotto.media.loss.ReceptionStatistics;
import dev.sotto.media.loss.SourceClock;
import dev.sotto.media.rtcp.RtcpWriter;

/**
 * What one peer gets under one SSRC: counted for its receiver reports, and for the run that goes
 * on.
 */
final class ReceivedStream {

  private final int ssrc;
  private final ReceptionStatistics statistics;
  private final SourceClock clock;
  private long received;
  private long lostBefore;

  ReceivedStream(int ssrc, Medium medium) {
    this.ssrc = ssrc;
    this.statistics = new ReceptionStatistics(medium.clockRateHz());
    this.clock = new SourceClock(medium.clockRateHz());
  }

  int ssrc() {
    return ssrc;
  }

  /** Counts a packet. */
  void onPacket(int sequenceNumber, long rtpTimestamp, long nowNanos) {
    statistics.onPacket(sequenceNumber, rtpTimestamp, nowNanos);
    received++;
  }

  void onSenderReport(long ntp, long rtpTimestamp, long nowNanos) {
    clock.onSenderReport(ntp, rtpTimestamp, nowNanos);
  }

  boolean writeReportBlock(RtcpWriter writer, long nowNanos) {
    return statistics.writeReportBlock(writer, ssrc, clock, nowNanos);
  }

  /** Begins to count anew. */
  void startRun() {
    received = 0;
    lostBefore = statistics.isStarted() ? statistics.cumulativeLost() : 0;
  }

  /** Packets since {@link #startRun}. */
  long received() {
    return received;
  }

  /** Sequence numbers that were left out since then, before the last packet that came. */
  long gaps() {
    return statistics.isStarted() ? statistics.cumulativeLost() - lostBefore : 0;
  }
}
