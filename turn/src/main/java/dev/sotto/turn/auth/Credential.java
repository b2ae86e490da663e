package dev.sotto.turn.auth;

/**
 * What a username stands for.
 *
 * @param username as it is on the wire
 * @param owner whom allocations and quotas belong to; stays the same when time-limited credentials
 *     are renewed
 */
public record Credential(String username, String owner, String password) {
  LongTermKey key(PasswordAlgorithm algorithm, String realm) {
    return LongTermKey.of(algorithm, username, realm, password);
  }

  @Override
  public String toString() {
    return "Credential[username=" + username + ", owner=" + owner + "]";
  }
}
