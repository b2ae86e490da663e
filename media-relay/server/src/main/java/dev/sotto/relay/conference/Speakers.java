package dev.sotto.relay.conference;

import dev.sotto.media.speaker.DominantSpeaker;
import dev.sotto.media.speaker.LoudestSpeakers;
import dev.sotto.media.speaker.SpeakerOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Who is heard in a conference and who is dominant, by the numbers of its endpoints. Grows with the
 * conference; the levels of the last second are forgotten when it does.
 */
final class Speakers {
  private static final int FIRST_CAPACITY = 32;

  private final int audible;
  private int capacity = FIRST_CAPACITY;
  private DominantSpeaker dominance = new DominantSpeaker(capacity);
  private LoudestSpeakers loudest;
  private SpeakerOrder order = new SpeakerOrder(capacity);

  Speakers(int audible) {
    this.audible = audible;
    loudest = new LoudestSpeakers(audible, capacity);
  }

  void add(int number, long nowNanos) {
    if (number >= capacity) {
      grow(number, nowNanos);
    }
    order.add(number);
    dominance.add(number, nowNanos);
  }

  private void grow(int number, long nowNanos) {
    int known = capacity;
    while (number >= capacity) {
      capacity *= 2;
    }
    SpeakerOrder before = order;
    order = new SpeakerOrder(capacity);
    dominance = new DominantSpeaker(capacity);
    loudest = new LoudestSpeakers(audible, capacity);
    for (int rank = 0; rank < before.count() && rank < known; rank++) {
      order.add(before.at(rank));
      dominance.add(before.at(rank), nowNanos);
    }
  }

  void remove(int number) {
    order.remove(number);
    dominance.remove(number);
    loudest.remove(number);
  }

  /** A muted speaker is none, but stays in the order. */
  void silence(int number) {
    loudest.remove(number);
  }

  /** Takes a level of RFC 6464; whether the speaker is heard. */
  boolean onLevel(int number, int level, long nowNanos) {
    dominance.onLevel(number, level, nowNanos);
    return loudest.onLevel(number, level, nowNanos) != LoudestSpeakers.NOBODY;
  }

  boolean isHeard(int number) {
    return loudest.slot(number) != LoudestSpeakers.NOBODY;
  }

  /** Lets time go on; whether another one is dominant now. */
  boolean advance(long nowNanos) {
    var _ = loudest.advance(nowNanos);
    if (!dominance.advance(nowNanos)) {
      return false;
    }
    order.onDominant(dominance.dominant());
    return true;
  }

  /** 0 for the dominant one, 1 for the one before. */
  int rank(int number) {
    return order.rank(number);
  }

  /** Numbers by when they were dominant last. */
  List<Integer> inOrder() {
    List<Integer> numbers = new ArrayList<>();
    for (int rank = 0; rank < order.count(); rank++) {
      numbers.add(order.at(rank));
    }
    return numbers;
  }

  int audible() {
    return audible;
  }
}
