package dev.sotto.turn.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The key of the long-term mechanism: a digest of {@code username:realm:password} (RFC 8489 section
 * 9.2.2).
 */
public final class LongTermKey {
  private final byte[] bytes;

  private LongTermKey(byte[] bytes) {
    this.bytes = bytes;
  }

  public static LongTermKey of(
      PasswordAlgorithm algorithm, String username, String realm, String password) {
    String text = username + ":" + realm + ":" + OpaqueString.enforce(password);
    return new LongTermKey(digest(algorithm.digestName(), text));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /** USERHASH (RFC 8489 section 14.4): names a user without showing the name. */
  public static byte[] userHash(String username, String realm) {
    return digest("SHA-256", username + ":" + realm);
  }

  private static byte[] digest(String name, String text) {
    try {
      return MessageDigest.getInstance(name).digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + name, e);
    }
  }
}
