package dev.sotto.turn.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Credentials that a service hands out without telling this server: {@code username = expiry:user}
 * with the expiry in seconds since 1970, {@code password = base64(HMAC-SHA1(secret, username))}.
 * Several secrets may be valid at a time, so that they can be rotated.
 */
public final class TimeLimitedCredentials implements Credentials {
  private static final String MAC = "HmacSHA1";

  /** Ten digits last until the year 2286; more only invites overflow. */
  private static final int MAXIMUM_EXPIRY_DIGITS = 11;

  private final List<String> secrets;

  public TimeLimitedCredentials(List<String> secrets) {
    this.secrets = List.copyOf(secrets);
  }

  @Override
  public List<Credential> find(String username, long nowEpochSeconds) {
    OptionalLong expiry = expiryOf(username);
    if (expiry.isEmpty() || expiry.getAsLong() <= nowEpochSeconds) {
      return List.of();
    }
    String user = username.substring(username.indexOf(':') + 1);
    String owner = user.isEmpty() ? username : user;
    return secrets.stream()
        .map(secret -> new Credential(username, owner, passwordFor(secret, username)))
        .toList();
  }

  /** A hash does not show the expiry that the username would carry. */
  @Override
  public List<Credential> findByHash(byte[] userHash) {
    return List.of();
  }

  /** The username that carries this expiry and user. */
  public static String usernameFor(long expiryEpochSeconds, String user) {
    return expiryEpochSeconds + ":" + user;
  }

  public static String passwordFor(String secret, String username) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), MAC));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + MAC, e);
    }
  }

  private static OptionalLong expiryOf(String username) {
    int colon = username.indexOf(':');
    if (colon < 1 || colon > MAXIMUM_EXPIRY_DIGITS) {
      return OptionalLong.empty();
    }
    long expiry = 0;
    for (int i = 0; i < colon; i++) {
      char c = username.charAt(i);
      if (c < '0' || c > '9') {
        return OptionalLong.empty();
      }
      expiry = expiry * 10 + (c - '0');
    }
    return OptionalLong.of(expiry);
  }
}
