package dev.sotto.config.roles;

import dev.sotto.config.keys.DataDirectory;
import dev.sotto.config.keys.SaltSecret;
import dev.sotto.config.keys.TlsIdentities;
import dev.sotto.config.keys.TokenKeys;
import dev.sotto.config.keys.TurnSecrets;
import dev.sotto.config.settings.Secret;
import dev.sotto.config.settings.Settings;
import dev.sotto.signalling.TlsIdentity;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What roles are started from, or reloaded: settings, the keys that they lead to, and the clock.
 * Each key file is read once, when it is first asked for, so that what was checked is what every
 * role gets, whatever happens to the files meanwhile. Any thread may ask.
 */
public final class Context {

  private final Settings settings;
  private final Clock clock;
  private final Once<TlsIdentity> tls;
  private final Once<TokenKeys> tokenKeys;
  private final Once<List<Secret>> turnSecrets;
  private final Once<Secret> saltSecret;

  private Context(Settings settings, DataDirectory data, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    tls = new Once<>(() -> TlsIdentities.load(settings, data, clock));
    tokenKeys = new Once<>(() -> TokenKeys.load(settings.tokens(), data));
    saltSecret = new Once<>(() -> SaltSecret.load(data));
    turnSecrets = new Once<>(() -> TurnSecrets.load(settings.turn().secrets(), data));
  }

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
    var _ = saltSecret();
    var _ = AccountWiring.configured(settings);
  }

  /** The settings that all this comes from. */
  public Settings settings() {
    return settings;
  }

  /** The process's clock. */
  public Clock clock() {
    return clock;
  }

  TlsIdentity tls() {
    return tls.get();
  }

  /** The keys that verify tokens. */
  public TokenKeys tokenKeys() {
    return tokenKeys.get();
  }

  List<Secret> turnSecrets() {
    return turnSecrets.get();
  }

  Secret saltSecret() {
    return saltSecret.get();
  }

  String turnRealm() {
    return settings.turn().realm().orElse(settings.domain().value());
  }

  /** A value that is made when it is first asked for; a failure is not kept. */
  private static final class Once<T> {
    private final Supplier<T> make;
    private Optional<T> made = Optional.empty();

    Once(Supplier<T> make) {
      this.make = make;
    }

    synchronized T get() {
      T value = made.orElseGet(make);
      made = Optional.of(value);
      return value;
    }
  }
}
