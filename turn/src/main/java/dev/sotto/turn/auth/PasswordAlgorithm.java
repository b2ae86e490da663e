package dev.sotto.turn.auth;

/** Password algorithms of RFC 8489 section 18.5. */
public enum PasswordAlgorithm {
  MD5(1, "MD5"),
  SHA256(2, "SHA-256");

  private final int number;
  private final String digestName;

  PasswordAlgorithm(int number, String digestName) {
    this.number = number;
    this.digestName = digestName;
  }

  public int number() {
    return number;
  }

  String digestName() {
    return digestName;
  }
}
