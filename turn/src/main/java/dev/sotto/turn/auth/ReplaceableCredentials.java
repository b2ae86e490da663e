package dev.sotto.turn.auth;

import java.util.List;
import java.util.Map;

/**
 * Users and shared secrets as they are configured now. Replaced as a whole, from any thread; who
 * has lost access keeps an allocation until it wants it refreshed.
 */
public final class ReplaceableCredentials implements Credentials {
  private final String realm;
  private volatile Generation current;

  private record Generation(Credentials credentials, SecurityFeatures features) {}

  public ReplaceableCredentials(
      String realm, Map<String, String> passwordByUsername, List<String> sharedSecrets) {
    this.realm = realm;
    this.current = generation(passwordByUsername, sharedSecrets);
  }

  /**
   * Prepares others, which count from when the result is run.
   *
   * @throws IllegalArgumentException when a user cannot be used
   */
  public Runnable replacement(Map<String, String> passwordByUsername, List<String> sharedSecrets) {
    Generation prepared = generation(passwordByUsername, sharedSecrets);
    return () -> current = prepared;
  }

  /** What these credentials allow clients to do. */
  public SecurityFeatures features() {
    return current.features();
  }

  @Override
  public List<Credential> find(String username, long nowEpochSeconds) {
    return current.credentials().find(username, nowEpochSeconds);
  }

  @Override
  public List<Credential> findByHash(byte[] userHash) {
    return current.credentials().findByHash(userHash);
  }

  private Generation generation(
      Map<String, String> passwordByUsername, List<String> sharedSecrets) {
    return new Generation(
        new LongTermUsers(passwordByUsername, realm)
            .orElse(new TimeLimitedCredentials(sharedSecrets)),
        new SecurityFeatures(sharedSecrets.isEmpty()));
  }
}
