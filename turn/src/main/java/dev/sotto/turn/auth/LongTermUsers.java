package dev.sotto.turn.auth;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The users that stand in the configuration (RFC 8489 section 9.2). */
public final class LongTermUsers implements Credentials {
  private final Map<String, Credential> users;

  public LongTermUsers(Map<String, String> passwordByUsername) {
    users =
        passwordByUsername.entrySet().stream()
            .map(user ->
                new Credential(OpaqueString.enforce(user.getKey()), user.getKey(), user.getValue()))
            .collect(Collectors.toUnmodifiableMap(Credential::username, credential -> credential));
  }

  @Override
  public List<Credential> find(String username, long nowEpochSeconds) {
    Credential credential = users.get(username);
    return credential == null ? List.of() : List.of(credential);
  }
}
