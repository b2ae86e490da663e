package dev.sotto.media.rtp;

/**
 * Extends the 32-bit timestamps of one stream to 64 bits that do not wrap. Each is taken for the
 * one closest to the latest so far; the first keeps its value.
 */
public final class TimestampUnwrapper {
  private long latest;
  private boolean started;

  /** Extends a timestamp, 0 to 2^32 - 1, and remembers it if it is the latest. */
  public long unwrap(long timestamp) {
    if (!started) {
      started = true;
      latest = timestamp;
      return timestamp;
    }
    long extended = latest + RtpTimestamps.distance(latest, timestamp);
    latest = Math.max(latest, extended);
    return extended;
  }

  /** Forgets everything: the next timestamp starts anew. */
  public void reset() {
    started = false;
    latest = 0;
  }
}
