package dev.sotto.signalling;

import dev.sotto.signalling.SignallingServer.Collaborators;
import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.PasswordHashing;
import dev.sotto.signalling.auth.RegistrationRate;
import dev.sotto.signalling.auth.TokenVerifier;
import dev.sotto.signalling.sasl.SaslMethods;
import dev.sotto.signalling.sasl.SaslServer;
import dev.sotto.signalling.stream.SignIn;
import java.security.SecureRandom;
import java.util.Optional;

/** Builds how users come in, from what the settings say. */
final class SignInFactory {

  /** Further domains are of servers, such as relays, whose accounts are configured. */
  private static final SaslMethods OF_OTHER_DOMAINS = new SaslMethods(false, true);

  private SignInFactory() {}

  static SignIn make(SignallingSettings settings, Collaborators others, SecureRandom random) {
    AccountSettings wanted = settings.accounts();
    TokenVerifier tokens =
        new TokenVerifier(settings.tokenKeys(), settings.tokenClockSkew(), others.clock());
    Accounts accounts =
        new Accounts(others.accounts(), PasswordHashing.standard(wanted.saltSecret()));
    accounts.configure(wanted.configured());
    String users = settings.domain();
    boolean byToken = !settings.tokenKeys().isEmpty();
    SaslServer sasl =
        new SaslServer(
            tokens,
            accounts,
            domain ->
                domain.equals(users)
                    ? new SaslMethods(
                        byToken, wanted.passwords() || accounts.areConfiguredFor(users))
                    : OF_OTHER_DOMAINS,
            wanted.channelBinding(),
            random);
    return new SignIn(
        tokens,
        accounts,
        sasl,
        wanted.inBandRegistration()
            ? Optional.of(new RegistrationRate(wanted.registrationsPerHour()))
            : Optional.empty());
  }
}
