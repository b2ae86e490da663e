package dev.sotto.media.loss;

/**
 * When missing packets are asked for.
 *
 * @param reorderNanos how long a gap may be mere reordering before the first NACK
 * @param minIntervalNanos the least time between two NACKs for a packet, however short the round
 *     trip
 * @param maxIntervalNanos the greatest time between two
 * @param maxTries NACKs for a packet before it is given up
 * @param maxAgeNanos the age of a gap at which it is given up
 */
public record NackSettings(
    long reorderNanos,
    long minIntervalNanos,
    long maxIntervalNanos,
    int maxTries,
    long maxAgeNanos) {
  /**
   * Reordering within a frame's burst is over in 5 ms; below 20 ms an answer could still be under
   * way in the sender's pacer; 10 tries are what libwebrtc makes; after 2 s a receiver has long
   * asked for a key frame.
   */
  public static final NackSettings DEFAULT =
      new NackSettings(5_000_000L, 20_000_000L, 500_000_000L, 10, 2_000_000_000L);

  /** Tries are counted in a byte for each packet of the window. */
  private static final int MAX_TRIES = Byte.MAX_VALUE;

  public NackSettings {
    if (reorderNanos < 0
        || minIntervalNanos <= 0
        || maxIntervalNanos < minIntervalNanos
        || maxTries < 1
        || maxTries > MAX_TRIES
        || maxAgeNanos <= 0) {
      throw new IllegalArgumentException("times of NACKs are out of range or order");
    }
  }
}
