package dev.sotto.media.speaker;

import java.util.Arrays;

/**
 * The levels of one speaker over the last second, and how much of it is speech: the score of the
 * newest frame, of the newest block of frames and of all blocks (Volfin and Cohen, "Dominant
 * speaker identification for multipoint videoconferencing"). A score compares how likely so many
 * active parts are in speech and in noise. Loudness is 0 (silence) to 127.
 */
final class SpeechActivity {
  static final int IMMEDIATE = 0;
  static final int MEDIUM = 1;
  static final int LONG = 2;

  /** The range of loudness is cut into this many bands, in place of the paper's sub-bands. */
  private static final int BANDS = 13;

  private static final int BAND_WIDTH = (127 + BANDS - 1) / BANDS;
  private static final int FRAMES_PER_BLOCK = 5;
  private static final int BLOCKS = 10;

  /** A frame with more bands than this counts as active in its block. */
  private static final int ACTIVE_BANDS = 7;

  /** A block with more active frames than this counts as active in the second. */
  private static final int ACTIVE_FRAMES = 4;

  private static final int HISTORY = BLOCKS * FRAMES_PER_BLOCK;

  /** Scores are divided and put into logarithms. */
  private static final double LEAST_SCORE = 1e-10;

  /** Of the exponential distribution of active parts in noise, for each span as Jitsi tuned it. */
  private static final double[][] SCORES = {
    scores(BANDS, 0.78), scores(FRAMES_PER_BLOCK, 24), scores(BLOCKS, 47)
  };

  /** Levels in a row, 15 s of 20 ms, after which the floor may rise. */
  private static final int FLOOR_WINDOW = 750;

  private final byte[] loudness = new byte[HISTORY];
  private int newest;
  private int floor;
  private int nextFloor;
  private int floorLevels;

  void clear() {
    Arrays.fill(loudness, (byte) 0);
    newest = 0;
    floor = 0;
    nextFloor = 0;
    floorLevels = 0;
  }

  /** One more frame; 0 for one that has not come. */
  void add(int frameLoudness) {
    newest = newest == 0 ? HISTORY - 1 : newest - 1;
    loudness[newest] = (byte) frameLoudness;
    if (frameLoudness > 0) {
      trackFloor(frameLoudness);
    }
  }

  /** The speaker's own background: the least level there was, rising only slowly. */
  private void trackFloor(int frameLoudness) {
    if (floor == 0 || floor > frameLoudness) {
      floor = frameLoudness;
      nextFloor = 0;
      floorLevels = 0;
      return;
    }
    nextFloor = nextFloor == 0 ? frameLoudness : Math.min(nextFloor, frameLoudness);
    if (++floorLevels >= FLOOR_WINDOW) {
      floor = (int) Math.sqrt((double) floor * nextFloor);
      nextFloor = 0;
      floorLevels = 0;
    }
  }

  double score(int span) {
    return switch (span) {
      case IMMEDIATE -> SCORES[IMMEDIATE][bands(0)];
      case MEDIUM -> SCORES[MEDIUM][activeFrames(0)];
      default -> SCORES[LONG][activeBlocks()];
    };
  }

  /** Active bands of a frame, counted from the newest; what is near the floor is silence. */
  private int bands(int frame) {
    int index = newest + frame;
    int level = loudness[index < HISTORY ? index : index - HISTORY];
    return level < floor + BAND_WIDTH ? 0 : level / BAND_WIDTH;
  }

  private int activeFrames(int block) {
    int active = 0;
    for (int frame = 0; frame < FRAMES_PER_BLOCK; frame++) {
      if (bands(block * FRAMES_PER_BLOCK + frame) > ACTIVE_BANDS) {
        active++;
      }
    }
    return active;
  }

  private int activeBlocks() {
    int active = 0;
    for (int block = 0; block < BLOCKS; block++) {
      if (activeFrames(block) > ACTIVE_FRAMES) {
        active++;
      }
    }
    return active;
  }

  /** Binomial with one half in speech, over exponential in noise, as logarithms. */
  private static double[] scores(int parts, double noiseRate) {
    double[] scores = new double[parts + 1];
    int ways = 1;
    for (int active = 0; active <= parts; active++) {
      double score =
          Math.log(ways)
              + active * Math.log(0.5)
              + (parts - active) * Math.log(0.5)
              - Math.log(noiseRate)
              + noiseRate * active;
      scores[active] = Math.max(score, LEAST_SCORE);
      ways = ways * (parts - active) / (active + 1);
    }
    return scores;
  }
}
