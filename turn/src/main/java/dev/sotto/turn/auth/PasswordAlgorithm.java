package dev.sotto.turn.auth;

import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.StunMessage;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/** Password algorithms of RFC 8489 section 18.5. */
public enum PasswordAlgorithm {
  MD5(1, "MD5"),
  SHA256(2, "SHA-256");

  private static final int NUMBER_AND_LENGTH_BYTES = 4;
  private static final byte[] OFFER = {0, 2, 0, 0, 0, 1, 0, 0};

  private final int number;
  private final String digestName;

  PasswordAlgorithm(int number, String digestName) {
    this.number = number;
    this.digestName = digestName;
  }

  /**
   * The value of PASSWORD-ALGORITHMS in every challenge: the strongest first, none with parameters.
   */
  public static byte[] offer() {
    return OFFER.clone();
  }

  /**
   * What a request says of its password algorithm (RFC 8489 section 9.2.4): MD5 when it says
   * nothing, as clients of RFC 5389 do; otherwise its choice together with the very offer that it
   * was made.
   *
   * @return empty when the request must be refused as bad: incomplete, or the offer was tampered
   *     with on its way
   */
  static Optional<PasswordAlgorithm> chosenIn(StunMessage request) {
    int choice = request.indexOf(AttributeType.PASSWORD_ALGORITHM);
    int offer = request.indexOf(AttributeType.PASSWORD_ALGORITHMS);
    if (choice < 0 && offer < 0) {
      return Optional.of(MD5);
    }
    boolean complete =
        choice >= 0 && offer >= 0 && request.valueLength(choice) == NUMBER_AND_LENGTH_BYTES;
    if (!complete || !MessageDigest.isEqual(request.bytes(offer), OFFER)) {
      return Optional.empty();
    }
    int number = request.unsignedShort(choice);
    return Arrays.stream(values()).filter(algorithm -> algorithm.number == number).findFirst();
  }

  String digestName() {
    return digestName;
  }
}
