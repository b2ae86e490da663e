package dev.sotto.config.keys;

import dev.sotto.config.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * The secrets that signalling and TURN share for time-limited credentials: the configured ones, or
 * one that is generated and kept as {@code turn-secret.txt}.
 */
public final class TurnSecrets {

  private static final String FILE = "turn-secret.txt";
  private static final int SECRET_BYTES = 32;

  private TurnSecrets() {}

  /** Never empty; the first one signs, all verify. */
  public static List<Secret> load(List<Secret> configured, DataDirectory data) {
    return configured.isEmpty()
        ? List.of(data.readOrCreate(FILE, TurnSecrets::generate, TurnSecrets::read))
        : configured;
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
