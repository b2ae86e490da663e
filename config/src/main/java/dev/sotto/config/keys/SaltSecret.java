package dev.sotto.config.keys;

import dev.sotto.config.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What salts of passwords are made from: generated once and kept as {@code salt-secret.txt}. With
 * another one, configured passwords give other keys and names without an account other salts.
 */
public final class SaltSecret {

  private static final String FILE = "salt-secret.txt";
  private static final int SECRET_BYTES = 32;

  private SaltSecret() {}

  /** Reads or generates it. */
  public static Secret load(DataDirectory data) {
    return data.readOrCreate(FILE, SaltSecret::generate, SaltSecret::read);
  }

  private static byte[] generate() {
    byte[] random = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encode(random);
  }

  private static Secret read(byte[] content) {
    String text = new String(content, StandardCharsets.US_ASCII).strip();
    if (Base64.getUrlDecoder().decode(text).length < SECRET_BYTES) {
      throw new IllegalArgumentException("too short");
    }
    return new Secret(text);
  }
}
