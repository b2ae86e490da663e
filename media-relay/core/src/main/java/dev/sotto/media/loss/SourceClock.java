package dev.sotto.media.loss;

import dev.sotto.media.rtp.NtpTime;
import dev.sotto.media.rtp.RtpTimestamps;

/**
 * What the last sender report of a source says of its clocks (RFC 3550 section 6.4.1): the instant
 * in wall clock and media time, which is carried on with the relay's own clock in between.
 */
public final class SourceClock {
  private final int clockRateHz;
  private boolean known;
  private long ntp;
  private long rtpTimestamp;
  private long arrivalNanos;

  /** Takes the rate of the payload's clock. */
  public SourceClock(int clockRateHz) {
    this.clockRateHz = clockRateHz;
  }

  public void onSenderReport(long ntp, long rtpTimestamp, long nowNanos) {
    known = true;
    this.ntp = ntp;
    this.rtpTimestamp = rtpTimestamp;
    arrivalNanos = nowNanos;
  }

  /** Whether a sender report came; without one the other getters say 0. */
  public boolean isKnown() {
    return known;
  }

  /** The source's wall clock now. */
  public long ntpAt(long nowNanos) {
    return known ? NtpTime.plusNanos(ntp, nowNanos - arrivalNanos) : 0;
  }

  /** The source's media clock now, 0 to 2^32 - 1. */
  public long rtpTimestampAt(long nowNanos) {
    long ticks = RtpTimestamps.ofNanos(nowNanos - arrivalNanos, clockRateHz);
    return known ? RtpTimestamps.add(rtpTimestamp, ticks) : 0;
  }

  /** LSR: the compact time of the last report. */
  public int lastReport() {
    return known ? NtpTime.compact(ntp) : 0;
  }

  /** DLSR: the time since it arrived, in 1/65536 s. */
  public long delaySinceLastReport(long nowNanos) {
    return known ? NtpTime.compactOfNanos(nowNanos - arrivalNanos) : 0;
  }
}
