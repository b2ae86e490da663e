package dev.sotto.media.speaker;

import java.util.Arrays;

/**
 * The speakers of a conference by when they were dominant last, the latest first; who never was
 * comes behind, in the order of joining. What last-N cuts off is the end of it.
 */
public final class SpeakerOrder {
  private final int[] order;
  private final int[] ranks;
  private int count;

  public SpeakerOrder(int capacity) {
    order = new int[capacity];
    ranks = new int[capacity];
    Arrays.fill(ranks, DominantSpeaker.NOBODY);
  }

  public int count() {
    return count;
  }

  /** The speaker at a place, 0 being the latest. */
  public int at(int rank) {
    return order[rank];
  }

  /** The place of a speaker, or {@link DominantSpeaker#NOBODY}. */
  public int rank(int speaker) {
    return ranks[speaker];
  }

  public void add(int speaker) {
    if (ranks[speaker] < 0) {
      put(count++, speaker);
    }
  }

  public void remove(int speaker) {
    int rank = ranks[speaker];
    if (rank < 0) {
      return;
    }
    count--;
    for (int i = rank; i < count; i++) {
      put(i, order[i + 1]);
    }
    ranks[speaker] = DominantSpeaker.NOBODY;
  }

  /** To the front, if it is a speaker of the conference; {@link DominantSpeaker#NOBODY} is none. */
  public void onDominant(int speaker) {
    if (speaker == DominantSpeaker.NOBODY || ranks[speaker] <= 0) {
      return;
    }
    for (int i = ranks[speaker]; i > 0; i--) {
      put(i, order[i - 1]);
    }
    put(0, speaker);
  }

  private void put(int rank, int speaker) {
    order[rank] = speaker;
    ranks[speaker] = rank;
  }
}
