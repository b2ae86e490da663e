package dev.sotto.media.bandwidth;

/**
 * Bounds of a target rate and where it starts, in bits a second; 0 &lt; min ≤ start ≤ max, else an
 * {@link IllegalArgumentException}.
 */
public record RateLimits(long minBps, long startBps, long maxBps) {
  /**
   * The least carries audio, the start a base layer and audio while the path is unknown, the most
   * is a conference of many sources in high resolution.
   */
  public static final RateLimits DEFAULT = new RateLimits(50_000, 500_000, 50_000_000);

  public RateLimits {
    if (minBps <= 0 || startBps < minBps || maxBps < startBps) {
      throw new IllegalArgumentException(
          "rates must be 0 < min <= start <= max: %d, %d, %d".formatted(minBps, startBps, maxBps));
    }
  }
}
