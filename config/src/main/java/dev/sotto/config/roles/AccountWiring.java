package dev.sotto.config.roles;

import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsException;
import dev.sotto.config.settings.UserAccount;
import dev.sotto.signalling.AccountSettings;
import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.Accounts.Configured;
import dev.sotto.signalling.auth.ScramKeys;
import dev.sotto.signalling.auth.UserName;
import dev.sotto.signalling.jid.Jid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says to signalling, in its own types, who has a password. */
final class AccountWiring {

  private static final String KEY = "sotto.signalling.accounts: ";
  private static final String KEYS_BEGIN = "SCRAM-SHA-";

  private AccountWiring() {}

  static AccountSettings settings(Context context) {
    Settings.Signalling signalling = context.settings().signalling();
    return new AccountSettings(
        configured(context.settings()),
        signalling.inBandRegistration(),
        signalling.inBandRegistration(),
        signalling.registrationsPerHour(),
        signalling.channelBinding(),
        context.saltSecret().value());
  }

  /** The accounts that settings name; what they hold of passwords is in no message. */
  static List<Configured> configured(Settings settings) {
    List<Configured> accounts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (UserAccount written : settings.signalling().accounts()) {
      Configured account = configured(written, settings.domain().value());
      String kind =
          switch (account) {
            case Configured.WithPassword _ -> "a password";
            case Configured.WithKeys(Jid _, ScramKeys keys) -> keys.hash().mechanism();
          };
      boolean mixed =
          seen.contains(account.account() + " a password")
              || (kind.equals("a password")
                  && seen.stream().anyMatch(key -> key.startsWith(account.account() + " ")));
      if (mixed || !seen.add(account.account() + " " + kind)) {
        throw refused(
            written, "is there twice; a user has one password, or one entry for each hash");
      }
      accounts.add(account);
    }
    return accounts;
  }

  private static Configured configured(UserAccount written, String domain) {
    Jid account =
        Jid.parse(written.name())
            .filter(jid -> !jid.local().isEmpty() && !jid.isFull())
            .filter(jid -> jid.domain().endsWith("." + domain)) // such as that of relays
            .or(() -> UserName.account(written.name(), domain))
            .orElseThrow(() -> refused(written, "cannot be the name of a user of " + domain));
    String password = written.password().value();
    if (password.startsWith(KEYS_BEGIN)) {
      Optional<ScramKeys> keys = ScramKeys.parse(password);
      return new Configured.WithKeys(
          account,
          keys.orElseThrow(() ->
              refused(
                  written,
                  "has keys of another form than SCRAM-SHA-256$ITERATIONS:SALT$STORED:SERVER"
                      + " (base64, 4096 iterations or more)")));
    }
    if (!Accounts.isPossible(password)) {
      throw refused(written, "has a password with characters that none may have (RFC 8265)");
    }
    return new Configured.WithPassword(account, password);
  }

  private static SettingsException refused(UserAccount written, String why) {
    return new SettingsException(KEY + "\"" + written.name() + "\" " + why);
  }
}
