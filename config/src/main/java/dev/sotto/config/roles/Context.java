package dev.sotto.config.roles;

import dev.sotto.config.keys.DataDirectory;
import dev.sotto.config.keys.TlsIdentities;
import dev.sotto.config.keys.TokenKeys;
import dev.sotto.config.keys.TurnSecrets;
import dev.sotto.config.settings.Secret;
import dev.sotto.config.settings.Settings;
import dev.sotto.signalling.TlsIdentity;
import java.time.Clock;
import java.util.List;

/** What roles are started from: settings, the keys that they lead to, and the clock. */
public record Context(Settings settings, DataDirectory data, Clock clock) {

  /** Opens the data folder that {@code settings} name. */
  public static Context of(Settings settings, Clock clock) {
    return new Context(settings, DataDirectory.open(settings.dataDir()), clock);
  }

  /**
   * Reads every key and certificate now, so that a bad one ends the start before anything listens.
   */
  public void checkKeys() {
    var _ = tls();
    var _ = tokenKeys();
    var _ = turnSecrets();
  }

  TlsIdentity tls() {
    return TlsIdentities.load(settings, data, clock);
  }

  /** The keys that verify tokens. */
  public TokenKeys tokenKeys() {
    return TokenKeys.load(settings.tokens(), data);
  }

  List<Secret> turnSecrets() {
    return TurnSecrets.load(settings.turn().secrets(), data);
  }

  String turnRealm() {
    return settings.turn().realm().orElse(settings.domain().value());
  }
}
