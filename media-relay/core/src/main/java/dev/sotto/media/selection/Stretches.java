package dev.sotto.media.selection;

import dev.sotto.media.dd.TemplateDependencyStructure;
import java.util.Arrays;

/**
 * The last stretches of a slot's outgoing stream. A stretch is a run of numbers that one encoding
 * fills with nothing of the rewriting changed: source, offsets, structure, decode target. Later
 * ones take the places of the oldest.
 */
final class Stretches {
  /**
   * Changes of source, encoding or layer within the numbers that are remembered, which are some
   * seconds: a slot does not change ten times a second.
   */
  static final int CAPACITY = 32;

  final int[] source = new int[CAPACITY];
  final int[] encoding = new int[CAPACITY];
  final long[] firstIndex = new long[CAPACITY];
  final long[] firstNumber = new long[CAPACITY];
  final int[] timestampOffset = new int[CAPACITY];
  final int[] frameNumberDelta = new int[CAPACITY];
  final int[] templateIdDelta = new int[CAPACITY];
  final int[] decodeTarget = new int[CAPACITY];
  final int[] activeDecodeTargets = new int[CAPACITY];
  final TemplateDependencyStructure[] structure = new TemplateDependencyStructure[CAPACITY];

  private final boolean[] closedToLate = new boolean[CAPACITY];
  private int count;
  private int firstOpenToLate;

  Stretches(TemplateDependencyStructure none) {
    Arrays.fill(structure, none);
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** The place of the one that is being filled. */
  int current() {
    return (count - 1) & (CAPACITY - 1);
  }

  /** Opens one with all values of the one before. */
  int open(long index, long number) {
    int before = current();
    int place = count++ & (CAPACITY - 1);
    closedToLate[place] = false;
    source[place] = source[before];
    encoding[place] = encoding[before];
    firstIndex[place] = index;
    firstNumber[place] = number;
    timestampOffset[place] = timestampOffset[before];
    frameNumberDelta[place] = frameNumberDelta[before];
    templateIdDelta[place] = templateIdDelta[before];
    decodeTarget[place] = decodeTarget[before];
    activeDecodeTargets[place] = activeDecodeTargets[before];
    structure[place] = structure[before];
    return place;
  }

  /** From here on no late packet belongs to what there is: its source is counted afresh. */
  void closeToLate() {
    firstOpenToLate = count;
    Arrays.fill(closedToLate, true);
  }

  boolean isClosedToLate(int place) {
    return closedToLate[place];
  }

  /** The latest stretch of that encoding that began no later than the packet, or -1. */
  int of(int wantedSource, int wantedEncoding, long index, long lowestNumber) {
    int oldest = Math.max(firstOpenToLate, count - CAPACITY);
    for (int i = count - 1; i >= oldest; i--) {
      int place = i & (CAPACITY - 1);
      if (source[place] == wantedSource
          && encoding[place] == wantedEncoding
          && firstIndex[place] <= index) {
        return place;
      }
      if (firstNumber[place] < lowestNumber) {
        return -1;
      }
    }
    return -1;
  }

  /** The last number of a stretch. */
  long lastNumber(int place, long highest) {
    return place == current() ? highest : firstNumber[(place + 1) & (CAPACITY - 1)] - 1;
  }

  /** Whether a number that names this place was given in it, and not in one that it replaced. */
  boolean holds(int place, long number) {
    return number >= firstNumber[place];
  }
}
