package dev.sotto.turn.auth;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The users that stand in the configuration (RFC 8489 section 9.2). */
public final class LongTermUsers implements Credentials {
  private final Map<String, List<Credential>> byName;
  private final Map<ByteBuffer, List<Credential>> byHash;

  public LongTermUsers(Map<String, String> passwordByUsername, String realm) {
    byName =
        passwordByUsername.entrySet().stream()
            .map(user ->
                new Credential(OpaqueString.enforce(user.getKey()), user.getKey(), user.getValue()))
            .collect(Collectors.toUnmodifiableMap(Credential::username, List::of));
    byHash =
        byName.values().stream()
            .map(List::getFirst)
            .collect(
                Collectors.toUnmodifiableMap(
                    user -> ByteBuffer.wrap(LongTermKey.userHash(user.username(), realm)),
                    List::of));
  }

  @Override
  public List<Credential> find(String username, long nowEpochSeconds) {
    return byName.getOrDefault(username, List.of());
  }

  @Override
  public List<Credential> findByHash(byte[] userHash) {
    return byHash.getOrDefault(ByteBuffer.wrap(userHash), List.of());
  }
}
