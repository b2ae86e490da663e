package dev.sotto.media.loss;

import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtp.NtpTime;
import dev.sotto.media.rtp.RtpTimestamps;

/**
 * The sender reports of one forwarded stream (RFC 3550 section 7.2): the source's wall clock, so
 * that sound and picture stay together, its media clock shifted like the packets' timestamps, and
 * the counts of what was forwarded. Remembers when they left, which gives the round trip time to
 * the receiver.
 */
public final class SenderReportTranslator {
  /** What {@link #roundTripNanos} says when the report that it needs is not remembered. */
  public static final long UNKNOWN = -1;

  /** LSR of a receiver that got no report yet. */
  private static final int NO_REPORT = 0;

  /** A receiver answers within its interval, at most a few of ours. */
  private static final int REMEMBERED_REPORTS = 8;

  private final int[] compactTimes = new int[REMEMBERED_REPORTS];
  private final long[] sentNanos = new long[REMEMBERED_REPORTS];
  private int reports;
  private long packets;
  private long octets;

  /** Counts a packet that left; padding and headers do not count as payload. */
  public void onForwarded(int payloadBytes) {
    packets++;
    octets += payloadBytes;
  }

  public long packets() {
    return packets;
  }

  public long octets() {
    return octets;
  }

  /**
   * Begins the SR of this stream as of now. Not limited to the moment when the source's report
   * came: after a switch of sources the receiver needs one at once.
   *
   * @param timestampOffset what is added to the source's timestamps
   * @return false when nothing was forwarded, the source's clock is not known or there is no room
   */
  public boolean write(
      RtcpWriter writer, int ssrc, SourceClock source, long timestampOffset, long nowNanos) {
    if (packets == 0 || !source.isKnown()) {
      return false;
    }
    long ntp = source.ntpAt(nowNanos);
    long timestamp = RtpTimestamps.add(source.rtpTimestampAt(nowNanos), timestampOffset);
    if (!writer.senderReport(ssrc, ntp, timestamp, packets, octets)) {
      return false;
    }
    int slot = reports++ % REMEMBERED_REPORTS;
    compactTimes[slot] = NtpTime.compact(ntp);
    sentNanos[slot] = nowNanos;
    return true;
  }

  /**
   * The round trip time that a report block about this stream shows, {@link #UNKNOWN} if it refers
   * to no report of ours. A delay that is longer than the time since counts as no round trip.
   */
  public long roundTripNanos(int lastSenderReport, long delaySinceLastReport, long nowNanos) {
    if (lastSenderReport == NO_REPORT) {
      return UNKNOWN;
    }
    for (int back = 1; back <= Math.min(reports, REMEMBERED_REPORTS); back++) {
      int slot = (reports - back) % REMEMBERED_REPORTS;
      if (compactTimes[slot] == lastSenderReport) {
        long delayNanos = NtpTime.compactToNanos(delaySinceLastReport);
        return Math.max(0, nowNanos - sentNanos[slot] - delayNanos);
      }
    }
    return UNKNOWN;
  }

  /** Starts a new stream: its counts begin at zero. */
  public void reset() {
    reports = 0;
    packets = 0;
    octets = 0;
  }
}
