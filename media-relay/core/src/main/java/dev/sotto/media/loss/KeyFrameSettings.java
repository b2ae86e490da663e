package dev.sotto.media.loss;

/**
 * How often key frames are asked of a source.
 *
 * @param sourceIntervalNanos the least time between two requests to the source
 * @param requesterIntervalNanos the least time between two requests on behalf of one requester
 * @param retryNanos how long to wait for the key frame before asking again; not shorter than the
 *     source's interval
 * @param maxTries requests for one key frame before it is given up
 */
public record KeyFrameSettings(
    long sourceIntervalNanos, long requesterIntervalNanos, long retryNanos, int maxTries) {
  /**
   * A key frame is up to ten times a frame: three a second at most, one a second for one receiver.
   * Half a second covers a long round trip and the encoder; after five seconds the source is muted
   * or gone.
   */
  public static final KeyFrameSettings DEFAULT =
      new KeyFrameSettings(300_000_000L, 1_000_000_000L, 500_000_000L, 10);

  public KeyFrameSettings {
    if (sourceIntervalNanos < 0
        || requesterIntervalNanos < 0
        || retryNanos < sourceIntervalNanos
        || retryNanos == 0
        || maxTries < 1) {
      throw new IllegalArgumentException("times of key frame requests are out of range or order");
    }
  }
}
