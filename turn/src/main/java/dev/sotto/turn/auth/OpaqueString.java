package dev.sotto.turn.auth;

import java.text.Normalizer;

/**
 * The OpaqueString profile of RFC 8265 section 4.2, which prepares usernames, realms and passwords.
 */
final class OpaqueString {
  private OpaqueString() {}

  /**
   * Maps every Unicode space to an ASCII space and composes characters.
   *
   * @throws IllegalArgumentException when the text is empty or holds control characters
   */
  static String enforce(String text) {
    StringBuilder mapped = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
        .forEach(mapped::appendCodePoint);
    String prepared = Normalizer.normalize(mapped, Normalizer.Form.NFC);
    if (prepared.isEmpty() || prepared.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "usernames, realms and passwords are not empty and have no control characters");
    }
    return prepared;
  }
}
