package dev.sotto.turn;

import dev.sotto.turn.auth.TimeLimitedCredentials;
import java.time.Duration;
import java.time.Instant;

/**
 * Issues time-limited TURN credentials from a secret that this process shares with the TURN server:
 * what a XEP-0215 service or a REST endpoint hands to its clients. The server needs no message to
 * accept them.
 */
public final class EphemeralCredentials {
  private final String secret;
  private final TurnClock clock;

  /** A username and password, good until {@code expiresAt}. */
  public record Issued(String username, String password, Instant expiresAt) {
    @Override
    public String toString() {
      return "Issued[username=" + username + ", expiresAt=" + expiresAt + "]";
    }
  }

  /**
   * @param secret one of the server's shared secrets; the newest while they are rotated
   */
  public EphemeralCredentials(String secret, TurnClock clock) {
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("the shared secret is empty");
    }
    this.secret = secret;
    this.clock = clock;
  }

  /**
   * Credentials for {@code user} that expire after {@code lifetime}, which should outlast a call:
   * they are checked again whenever the client refreshes its allocation.
   */
  public Issued issue(String user, Duration lifetime) {
    long expiry = clock.epochSeconds() + lifetime.toSeconds();
    String username = TimeLimitedCredentials.usernameFor(expiry, user);
    return new Issued(
        username,
        TimeLimitedCredentials.passwordFor(secret, username),
        Instant.ofEpochSecond(expiry));
  }
}
