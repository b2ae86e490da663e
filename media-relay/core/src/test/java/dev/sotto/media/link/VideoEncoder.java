package dev.sotto.media.link;

import java.util.SplittableRandom;

/**
 * The sizes of the frames of an encoder that follows a target: with lag, with frames that differ
 * and with a large one now and then (compare RFC 8593, the statistical model).
 */
final class VideoEncoder {
  private static final double LAG_SECONDS = 0.2;
  private static final double SIZE_SIGMA = 0.2;
  private static final double INTERVAL_SPREAD = 0.1;
  private static final double LARGE_FRAME_CHANCE = 1 / 300.0;
  private static final double LARGE_FRAME = 3;

  private final double fps;
  private final double minBps;
  private final double maxBps;
  private final SplittableRandom random;
  private double rateBps;
  private double owedBits;

  VideoEncoder(double fps, double minBps, double maxBps, long seed) {
    this.fps = fps;
    this.minBps = minBps;
    this.maxBps = maxBps;
    random = new SplittableRandom(seed);
    rateBps = minBps;
  }

  /** Until the next frame: cameras and encoders are not exact. */
  double intervalSeconds() {
    return (1 + INTERVAL_SPREAD * (2 * random.nextDouble() - 1)) / fps;
  }

  /** The size of the next frame in bytes. */
  int nextFrameBytes(double targetBps) {
    double wanted = Math.clamp(targetBps, minBps, maxBps);
    rateBps += (wanted - rateBps) * (1 - Math.exp(-1 / (fps * LAG_SECONDS)));
    double spread = Math.exp(SIZE_SIGMA * random.nextGaussian() - SIZE_SIGMA * SIZE_SIGMA / 2);
    if (random.nextDouble() < LARGE_FRAME_CHANCE) {
      spread *= LARGE_FRAME;
    }
    // Rate control pays back over the next second what frames took too much.
    double bits = Math.max(0.3, 1 - owedBits / rateBps) * spread * rateBps / fps;
    owedBits += bits - rateBps / fps;
    return (int) Math.max(100, bits / 8);
  }

  double maxBps() {
    return maxBps;
  }
}
