package dev.sotto.turn.auth;

import java.util.List;

/** Finds what a username, or the hash of one, may authenticate with. */
public interface Credentials {
  /** The candidates for this username, best first; empty when it is unknown or expired. */
  List<Credential> find(String username, long nowEpochSeconds);

  /** The candidates for this USERHASH (RFC 8489 section 14.4); empty when nobody known has it. */
  List<Credential> findByHash(byte[] userHash);

  /** Asks {@code this} and, when it knows nothing, {@code next}. */
  default Credentials orElse(Credentials next) {
    Credentials first = this;
    return new Credentials() {
      @Override
      public List<Credential> find(String username, long nowEpochSeconds) {
        List<Credential> found = first.find(username, nowEpochSeconds);
        return found.isEmpty() ? next.find(username, nowEpochSeconds) : found;
      }

      @Override
      public List<Credential> findByHash(byte[] userHash) {
        List<Credential> found = first.findByHash(userHash);
        return found.isEmpty() ? next.findByHash(userHash) : found;
      }
    };
  }
}
