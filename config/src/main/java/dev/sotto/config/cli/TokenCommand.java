package dev.sotto.config.cli;

import dev.sotto.config.keys.TokenMint;
import dev.sotto.config.roles.Context;
import dev.sotto.config.settings.Durations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code sotto token USER}: a signed token on standard output, for trying things out. */
@Command(name = "token", description = "Print a token with which USER signs in.")
final class TokenCommand implements Callable<Integer> {

  /** RFC 7622 section 3.3: a localpart has 1 to 1023 bytes. */
  private static final int MAX_LOCALPART_BYTES = 1023;

  private static final Duration MAX_LIFETIME = Duration.ofDays(365);

  /** The JWT's expiry counts whole seconds. */
  static final class Lifetime implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        Duration lifetime = Durations.parse(text);
        if (lifetime.toSeconds() >= 1 && lifetime.compareTo(MAX_LIFETIME) <= 0) {
          return lifetime;
        }
      } catch (IllegalArgumentException _) {
        // Falls through to the same message.
      }
      throw new TypeConversionException(
          "\"" + text + "\" is not allowed; it takes 1s to 365d, " + Durations.EXAMPLES);
    }
  }

  private final Host host;
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions options;

  @Parameters(paramLabel = "USER", description = "The user's name, before the @.")
  private String user;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = Lifetime.class,
      description = "How long the token is good (default: ${DEFAULT-VALUE}).")
  private Duration lifetime;

  TokenCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() {
    checkUser();
    Context context = Context.of(options.load(host), host.clock());
    var key = context.tokenKeys().signingKey();
    if (key.isEmpty() && context.tokenKeys().keys().isEmpty()) {
      host.err()
          .println(
              "sotto.tokens.key-source is none: users sign in with passwords"
                  + " (sotto.signalling.accounts)");
      return ExitCode.FAILURE;
    }
    if (key.isEmpty()) {
      host.err()
          .println(
              "sotto.tokens.key-file holds public keys only: your app signs its tokens, Sotto"
                  + " cannot");
      return ExitCode.FAILURE;
    }
    host.out().println(new TokenMint(key.get(), host.clock()).mint(user, lifetime).token());
    return ExitCode.OK;
  }

  /** What even XEP-0106 cannot escape into a localpart. */
  private void checkUser() {
    boolean fits =
        !user.isEmpty()
            && user.equals(user.strip())
            && user.codePoints().noneMatch(Character::isISOControl)
            && user.codePoints().allMatch(Character::isDefined)
            && user.getBytes(StandardCharsets.UTF_8).length <= MAX_LOCALPART_BYTES;
    if (!fits) {
      throw new ParameterException(
          spec.commandLine(),
          "USER must be 1 to 1023 bytes without control characters or spaces at its ends");
    }
  }
}
