package dev.sotto.media.rtp;

/**
 * Extends the 16-bit numbers of one stream to 64 bits that do not wrap. Each is taken for the one
 * closest to the highest so far. Its low 16 bits stay as they were; the first is placed a full
 * cycle above zero so that reordering at the start stays positive.
 */
public final class SequenceUnwrapper {
  private static final long FIRST_CYCLE = 1L << 16;

  private long highest;
  private boolean started;

  /** Extends a number and remembers it if it is the highest. */
  public long unwrap(int number) {
    long extended = extend(number);
    if (!started || extended > highest) {
      started = true;
      highest = extended;
    }
    return extended;
  }

  /** What {@link #unwrap} would say, without remembering anything. */
  public long extend(int number) {
    return started
        ? highest + SequenceNumbers.distance((int) highest, number)
        : FIRST_CYCLE + (number & 0xffff);
  }

  /** Forgets everything: the next number starts anew. */
  public void reset() {
    started = false;
    highest = 0;
  }

  public boolean isStarted() {
    return started;
  }

  /** The highest extended number so far, 0 before the first. */
  public long highest() {
    return highest;
  }
}
