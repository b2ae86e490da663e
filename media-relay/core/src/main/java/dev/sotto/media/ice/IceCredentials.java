package dev.sotto.media.ice;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * A username fragment and its password (RFC 8445 section 5.3, characters of RFC 8839 section 5.4).
 *
 * <p>Fragments that the relay makes have exactly eight characters, so that one is a {@code long}
 * and a datagram finds its session by a number.
 *
 * @param ufrag 4 to 256 ice-chars
 * @param password 22 to 256 ice-chars
 */
public record IceCredentials(String ufrag, String password) {
  /** 48 random bits: RFC 8445 wants 24, and another 24 keep fragments of one worker distinct. */
  static final int LOCAL_UFRAG_CHARS = Long.BYTES;

  /** 144 random bits; RFC 8445 wants 128. */
  private static final int LOCAL_PASSWORD_CHARS = 24;

  private static final String ICE_CHARS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int MAXIMUM_CHARS = 256;
  private static final int MINIMUM_UFRAG_CHARS = 4;
  private static final int MINIMUM_PASSWORD_CHARS = 22;

  /**
   * @throws IllegalArgumentException when either is of another length or has other characters
   */
  public IceCredentials {
    check("ufrag", ufrag, MINIMUM_UFRAG_CHARS);
    check("password", password, MINIMUM_PASSWORD_CHARS);
  }

  /** New credentials for the relay's own side; the generator must be cryptographically strong. */
  public static IceCredentials generate(RandomGenerator random) {
    return new IceCredentials(
        chars(random, LOCAL_UFRAG_CHARS), chars(random, LOCAL_PASSWORD_CHARS));
  }

  /**
   * The eight characters of a fragment that {@link #generate} made, as {@link StunPeek} has them.
   */
  long localUfragKey() {
    if (ufrag.length() != LOCAL_UFRAG_CHARS) {
      throw new IllegalStateException("not a fragment of the relay's own: " + ufrag);
    }
    long key = 0;
    for (int i = 0; i < LOCAL_UFRAG_CHARS; i++) {
      key = key << Byte.SIZE | ufrag.charAt(i);
    }
    return key;
  }

  byte[] passwordBytes() {
    return password.getBytes(StandardCharsets.US_ASCII);
  }

  /** Without the password: this ends up in logs. */
  @Override
  public String toString() {
    return "IceCredentials[" + ufrag + "]";
  }

  private static String chars(RandomGenerator random, int count) {
    StringBuilder chars = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      chars.append(ICE_CHARS.charAt(random.nextInt(ICE_CHARS.length())));
    }
    return chars.toString();
  }

  private static void check(String what, String value, int minimum) {
    if (value.length() < minimum || value.length() > MAXIMUM_CHARS) {
      throw new IllegalArgumentException(
          what + " has " + value.length() + " characters, not " + minimum + " to " + MAXIMUM_CHARS);
    }
    for (int i = 0; i < value.length(); i++) {
      if (ICE_CHARS.indexOf(value.charAt(i)) < 0) {
        throw new IllegalArgumentException(what + " has a character that ICE does not allow");
      }
    }
  }
}
