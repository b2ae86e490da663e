package dev.sotto.signalling.dialogue;

import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.InMemoryAccountStore;
import dev.sotto.signalling.auth.PasswordHashing;
import dev.sotto.signalling.auth.RegistrationRate;
import dev.sotto.signalling.auth.ScramKeys;
import dev.sotto.signalling.auth.TokenVerifier;
import dev.sotto.signalling.sasl.SaslMethods;
import dev.sotto.signalling.sasl.SaslServer;
import dev.sotto.signalling.stream.SignIn;
import java.util.Optional;
import java.util.Random;

/** Ways for users to come in. */
public final class SignIns {

  public static final int REGISTRATIONS_PER_HOUR = 2;

  private SignIns() {}

  /** Accounts that nobody has made yet. */
  public static Accounts noAccounts() {
    return new Accounts(new InMemoryAccountStore(), hashing());
  }

  /** As fast as may be. */
  public static PasswordHashing hashing() {
    return new PasswordHashing("salt", ScramKeys.MIN_ITERATIONS, 1);
  }

  /** By tokens of the app and nothing else. */
  public static SignIn byToken(TokenVerifier tokens) {
    return make(tokens, noAccounts(), false);
  }

  /** By tokens or, in every domain, by password; accounts can be made. */
  public static SignIn byTokenOrPassword(TokenVerifier tokens, Accounts accounts) {
    return make(tokens, accounts, true);
  }

  private static SignIn make(TokenVerifier tokens, Accounts accounts, boolean passwords) {
    return new SignIn(
        tokens,
        accounts,
        new SaslServer(
            tokens,
            accounts,
            domain -> new SaslMethods(!domain.equals(Dialogue.RELAYS), passwords),
            true,
            new Random(1)),
        passwords ? Optional.of(new RegistrationRate(REGISTRATIONS_PER_HOUR)) : Optional.empty());
  }
}
