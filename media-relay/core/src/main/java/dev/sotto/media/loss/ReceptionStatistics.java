package dev.sotto.media.loss;

import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtp.RtpTimestamps;

/**
 * Counts the packets of one source for its receiver reports (RFC 3550 section 6.4.1, appendix A.1,
 * A.3, A.8). A jump of the sequence numbers counts only once two packets in a row confirm it. There
 * is no probation: SRTP has vouched for the source.
 */
public final class ReceptionStatistics {
  /** A.1: a longer gap ahead is a restart until the opposite is shown. */
  static final int MAX_DROPOUT = 3000;

  /** A.1: a packet further behind is a restart until the opposite is shown. */
  static final int MAX_MISORDER = 100;

  private static final int CYCLE = 1 << 16;
  private static final int NO_NUMBER = -1;

  /** A longer step between timestamp and arrival is a new clock, not jitter. */
  private static final int MAX_TRANSIT_STEP_SECONDS = 5;

  private final int clockRateHz;
  private boolean started;
  private int highest;
  private long cycles;
  private long base;
  private long received;
  private long expectedBefore;
  private long receivedBefore;
  private int confirmingNumber;
  private boolean hasTransit;
  private int transit;

  /** Arrivals are counted from here, so that the clock may wrap. */
  private long originNanos;

  /** Sixteen times the jitter, as A.8 keeps it. */
  private long scaledJitter;

  /** Takes the rate of the payload's clock: 90000 for video, 48000 for Opus. */
  public ReceptionStatistics(int clockRateHz) {
    this.clockRateHz = clockRateHz;
  }

  /**
   * Counts a packet that came by itself, not by RTX.
   *
   * @return false when its number is a jump that the next packet has to confirm; not counted then
   */
  public boolean onPacket(int sequenceNumber, long rtpTimestamp, long nowNanos) {
    if (!started) {
      restart(sequenceNumber);
    } else if (!advance(sequenceNumber)) {
      return false;
    }
    received++;
    updateJitter(rtpTimestamp, nowNanos);
    return true;
  }

  private void restart(int sequenceNumber) {
    started = true;
    base = sequenceNumber;
    highest = sequenceNumber;
    cycles = 0;
    received = 0;
    expectedBefore = 0;
    receivedBefore = 0;
    confirmingNumber = NO_NUMBER;
    hasTransit = false;
  }

  private boolean advance(int sequenceNumber) {
    int ahead = (sequenceNumber - highest) & 0xffff;
    if (ahead < MAX_DROPOUT) {
      if (sequenceNumber < highest) {
        cycles += CYCLE;
      }
      highest = sequenceNumber;
    } else if (ahead <= CYCLE - MAX_MISORDER) {
      if (sequenceNumber != confirmingNumber) {
        confirmingNumber = (sequenceNumber + 1) & 0xffff;
        return false;
      }
      restart(sequenceNumber);
    }
    return true;
  }

  private void updateJitter(long rtpTimestamp, long nowNanos) {
    if (!hasTransit) {
      originNanos = nowNanos;
    }
    long arrival = RtpTimestamps.ofNanos(nowNanos - originNanos, clockRateHz);
    int now = (int) (arrival - rtpTimestamp);
    if (hasTransit) {
      long step = Math.abs((long) (now - transit));
      if (step < (long) clockRateHz * MAX_TRANSIT_STEP_SECONDS) {
        scaledJitter += step - ((scaledJitter + 8) >> 4);
      }
    }
    hasTransit = true;
    transit = now;
  }

  public boolean isStarted() {
    return started;
  }

  /** Packets counted, duplicates too. */
  public long received() {
    return received;
  }

  private long expected() {
    return started ? extendedHighest() - base + 1 : 0;
  }

  /** A.3: packets expected less those received; negative when duplicates outnumber the lost. */
  public long cumulativeLost() {
    return expected() - received;
  }

  /** Cycles in the upper, the highest sequence number in the lower 16 bits. */
  public long extendedHighest() {
    return cycles + highest;
  }

  /** A.8: in units of the payload's clock. */
  public long jitter() {
    return scaledJitter >> 4;
  }

  /** A.3: loss since the last report, 0 to 255 in 1/256. */
  public int fractionLost() {
    long expectedNow = expected() - expectedBefore;
    long lostNow = expectedNow - (received - receivedBefore);
    return expectedNow == 0 || lostNow <= 0 ? 0 : (int) Math.min(255, (lostNow << 8) / expectedNow);
  }

  /**
   * Adds the block on this source to the report that was begun last, and starts the next interval.
   * False, with the interval going on, when nothing came yet or the report is full.
   */
  public boolean writeReportBlock(RtcpWriter writer, int ssrc, SourceClock clock, long nowNanos) {
    if (!started
        || !writer.reportBlock(
            ssrc,
            fractionLost(),
            cumulativeLost(),
            extendedHighest(),
            jitter(),
            clock.lastReport(),
            clock.delaySinceLastReport(nowNanos))) {
      return false;
    }
    expectedBefore = expected();
    receivedBefore = received;
    return true;
  }
}
