package dev.sotto.config.settings;

import dev.sotto.config.settings.Settings.KeySource;
import dev.sotto.config.settings.Settings.TokenAlgorithm;
import dev.sotto.config.settings.Settings.Tokens;
import java.util.Map;

/** Rules that span settings. Each message names the key to change and what to put there. */
final class SettingsRules {

  /** RFC 7518 section 3.2: a key of the hash's size or larger. */
  private static final int MIN_HS256_SECRET_BYTES = 32;

  /** A second's worth holds one datagram of 2 kB. */
  private static final int MIN_KILOBITS = 17;

  private SettingsRules() {}

  static void check(Settings settings) {
    checkTokens(settings);
    check(
        settings.tokens().keySource() != KeySource.NONE
            || settings.signalling().inBandRegistration()
            || !settings.signalling().accounts().isEmpty(),
        "sotto.tokens.key-source: \"none\" leaves nobody who could sign in; set"
            + " sotto.signalling.accounts or sotto.signalling.in-band-registration too");
    checkRates(settings.turn().limits());
    settings
        .bindAddress()
        .ifPresent(address ->
            check(
                address.isLoopbackAddress() || settings.publicAddress().isPresent(),
                "sotto.bind-address: \""
                    + address.getHostAddress()
                    + "\" is not allowed without sotto.public-address, since the development key"
                    + " would count for everyone; set that to what clients reach, or bind a"
                    + " loopback address"));
    check(
        settings.tls().certificate().isPresent() == settings.tls().key().isPresent(),
        "sotto.tls.certificate and sotto.tls.key: set both or neither");
    check(
        settings.turn().limits().lifetime().compareTo(settings.turn().limits().maxLifetime()) <= 0,
        "sotto.turn.limits.lifetime: must not be longer than sotto.turn.limits.max-lifetime");
  }

  private static void checkRates(Settings.TurnLimits limits) {
    Map.of(
            "kilobits-per-second-per-allocation", limits.kilobitsPerSecondPerAllocation(),
            "kilobits-per-second-per-user", limits.kilobitsPerSecondPerUser(),
            "kilobits-per-second", limits.kilobitsPerSecond())
        .forEach((key, rate) ->
            check(
                rate == 0 || rate >= MIN_KILOBITS,
                "sotto.turn.limits."
                    + key
                    + ": "
                    + rate
                    + " would not let one full packet through; it takes 0 (no limit) or at least "
                    + MIN_KILOBITS));
  }

  private static void checkTokens(Settings settings) {
    Tokens tokens = settings.tokens();
    check(
        settings.publicAddress().isEmpty() || tokens.keySource() != KeySource.DEVELOPMENT,
        "sotto.tokens.key-source: \"development\" is not allowed once sotto.public-address is set,"
            + " since anyone could sign in; set it to secret (with sotto.tokens.secret) or file"
            + " (with sotto.tokens.key-file)");
    switch (tokens.keySource()) {
      case DEVELOPMENT, NONE -> {}
      case SECRET -> checkSecret(tokens);
      case FILE ->
          check(
              tokens.keyFile().isPresent(),
              "sotto.tokens.key-file: must name a PEM, JWK or JWK set file when"
                  + " sotto.tokens.key-source is file");
    }
  }

  private static void checkSecret(Tokens tokens) {
    int secretBytes = tokens.secret().map(secret -> secret.bytes().length).orElse(0);
    check(
        secretBytes >= MIN_HS256_SECRET_BYTES,
        "sotto.tokens.secret: must have at least "
            + MIN_HS256_SECRET_BYTES
            + " bytes when sotto.tokens.key-source is secret; it has "
            + secretBytes);
    check(
        tokens.algorithm().orElse(TokenAlgorithm.HS256) == TokenAlgorithm.HS256,
        "sotto.tokens.algorithm: a secret signs with hs256 only; leave it empty");
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new SettingsException(message);
    }
  }
}
