package dev.sotto.turn.auth;

import java.util.List;

/** Finds what a username may authenticate with. */
@FunctionalInterface
public interface Credentials {
  /** The candidates for this username, best first; empty when it is unknown or expired. */
  List<Credential> find(String username, long nowEpochSeconds);

  /** Asks {@code this} and, when it knows nothing, {@code next}. */
  default Credentials orElse(Credentials next) {
    return (username, now) -> {
      List<Credential> found = find(username, now);
      return found.isEmpty() ? next.find(username, now) : found;
    };
  }
}
