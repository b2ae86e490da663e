package dev.sotto.config.settings;

import java.util.Collection;
import java.util.Comparator;

/** Finds the known word that a misspelt one most likely means. */
final class Nearest {

  private Nearest() {}

  /**
   * The candidate with the fewest edits; of equal ones the first in order. A key that stands in the
   * wrong section counts as near when its last word is right.
   */
  static String to(String unknown, Collection<String> candidates) {
    return candidates.stream()
        .min(
            Comparator.<String>comparingInt(candidate -> distance(unknown, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  private static int distance(String unknown, String candidate) {
    int edits = edits(unknown, candidate);
    return lastWord(unknown).equals(lastWord(candidate)) ? Math.min(edits, 2) : edits;
  }

  private static String lastWord(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** Levenshtein's distance. */
  static int edits(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
