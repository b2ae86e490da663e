package dev.sotto.signalling;

import java.time.Instant;

/**
 * Mints tokens for anyone who asks from this machine, so that a first call needs no app and no key.
 * Exists only while Sotto runs with its generated development key.
 */
@FunctionalInterface
public interface DevelopmentTokenIssuer {

  /** A signed JWT for {@code user} and when it ends. */
  IssuedToken issue(String user);

  /** A token in its compact serialisation. */
  record IssuedToken(String token, Instant expiresAt) {}
}
