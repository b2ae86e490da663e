package dev.sotto.config.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.config.settings.SettingsException;
import dev.sotto.config.settings.SettingsLoader;
import dev.sotto.signalling.AccountSettings;
import dev.sotto.signalling.auth.Accounts.Configured;
import dev.sotto.signalling.auth.ScramHash;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountWiringTest {

  private static final String SHA_256 =
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
          + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
  private static final String SHA_1 =
      "SCRAM-SHA-1$4096:QSXCR+Q6sek8bf92$AAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @TempDir private Path folder;

  private AccountSettings settings(String... assignments) {
    List<String> all =
        Stream.concat(
                Stream.of("data-dir=" + folder.resolve("data"), "domain=example.org"),
                Arrays.stream(assignments))
            .toList();
    Context context =
        Context.of(
            new SettingsLoader(folder).file(Optional.empty()).assignments(all).load(),
            Clock.systemUTC());
    context.checkKeys();
    return AccountWiring.settings(context);
  }

  private List<Configured> accounts(String... entries) {
    return settings("signalling.accounts=" + String.join(",", entries)).configured();
  }

  @Test
  void by_default_users_have_tokens_and_nobody_registers() {
    AccountSettings settings = settings();

    assertThat(settings.configured()).isEmpty();
    assertThat(settings.passwords()).isFalse();
    assertThat(settings.inBandRegistration()).isFalse();
    assertThat(settings.channelBinding()).isTrue();
  }

  @Test
  void salts_are_made_from_the_same_secret_after_each_start() {
    String first = settings().saltSecret();

    assertThat(first).hasSizeGreaterThanOrEqualTo(43);
    assertThat(settings().saltSecret()).isEqualTo(first);
  }

  @Test
  void who_may_register_may_log_in_by_password() {
    assertThat(settings("signalling.in-band-registration=true").passwords()).isTrue();
  }

  @Test
  void a_user_has_a_password_or_keys_of_each_hash() {
    assertThat(accounts("Alice:correct: horse", "bob:" + SHA_256, "bob@example.org:" + SHA_1))
        .satisfiesExactly(
            alice ->
                assertThat(alice)
                    .isEqualTo(new Configured.WithPassword(alice.account(), "correct: horse")),
            bob ->
                assertThat(((Configured.WithKeys) bob).keys().hash()).isEqualTo(ScramHash.SHA_256),
            bob -> assertThat(((Configured.WithKeys) bob).keys().hash()).isEqualTo(ScramHash.SHA_1))
        .extracting(account -> account.account().toString())
        .containsExactly("alice@example.org", "bob@example.org", "bob@example.org");
  }

  @Test
  void a_name_may_be_one_of_a_domain_below_or_any_name_that_the_app_gives() {
    assertThat(accounts("eu1@relays.example.org:x", "a.b@mail.test:y"))
        .extracting(account -> account.account().toString())
        .containsExactly("eu1@relays.example.org", "a.b\\40mail.test@example.org");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alice:x,ALICE:y|\"ALICE\" is there twice",
        "alice:x,alice:" + SHA_1 + "|\"alice\" is there twice",
        "alice:" + SHA_1 + ",alice:x|\"alice\" is there twice",
        "alice:" + SHA_1 + ",alice:" + SHA_1 + "|\"alice\" is there twice",
        "alice:SCRAM-SHA-512$x|\"alice\" has keys of another form",
        "alice:SCRAM-SHA-256$1:AAAA$AAAA:AAAA|\"alice\" has keys of another form"
      })
  void what_cannot_be_is_refused_by_name(String entries, String message) {
    assertThatThrownBy(() -> settings("signalling.accounts=" + entries))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("sotto.signalling.accounts: ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("AAAA");
  }

  @Test
  void a_password_that_cannot_be_typed_is_refused_and_not_shown() {
    assertThatThrownBy(() -> accounts("alice:bell\u0007bell"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("\"alice\" has a password with characters that none may have")
        .hasMessageNotContaining("bell");
  }

  @Test
  void without_tokens_and_passwords_nobody_could_sign_in() {
    assertThatThrownBy(() -> settings("tokens.key-source=none"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("sotto.tokens.key-source")
        .hasMessageContaining("sotto.signalling.accounts");
    assertThat(settings("tokens.key-source=none", "signalling.accounts=alice:x").configured())
        .hasSize(1);
  }
}
