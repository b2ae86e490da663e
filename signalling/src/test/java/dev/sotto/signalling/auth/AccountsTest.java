package dev.sotto.signalling.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.signalling.auth.Accounts.Configured;
import dev.sotto.signalling.auth.Accounts.Outcome;
import dev.sotto.signalling.auth.Accounts.PasswordCheck;
import dev.sotto.signalling.auth.Accounts.Revocation;
import dev.sotto.signalling.auth.AuthenticatedUser.Proof;
import dev.sotto.signalling.dialogue.SignIns;
import dev.sotto.signalling.jid.Jid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AccountsTest {

  private static final Jid ALICE = new Jid("alice", "example.org", "");
  private static final Jid BOB = new Jid("bob", "example.org", "");

  private final InMemoryAccountStore store = new InMemoryAccountStore();
  private final Accounts accounts = new Accounts(store, SignIns.hashing());
  private final List<Revocation> revoked = new ArrayList<>();

  @BeforeEach
  void listen() {
    accounts.onRevoked(revoked::add);
  }

  private static Configured configured(Jid account, String password) {
    return new Configured.WithPassword(account, password);
  }

  private Optional<ScramKeys> check(Jid account, String password) {
    return switch (accounts.check(account, password)) {
      case PasswordCheck.Right(ScramKeys keys) -> Optional.of(keys);
      case PasswordCheck.Wrong() -> Optional.empty();
      case PasswordCheck.Busy() -> throw new AssertionError("busy");
    };
  }

  @Test
  void an_account_has_keys_of_every_hash_and_never_the_password() {
    assertThat(accounts.create(ALICE, "correct horse")).isEqualTo(Outcome.DONE);

    Account kept = store.find(ALICE).orElseThrow();
    assertThat(kept.keys()).extracting(ScramKeys::hash).containsExactly(ScramHash.values());
    assertThat(kept.toString()).doesNotContain("horse");
    assertThat(check(ALICE, "correct horse")).isPresent();
    assertThat(check(ALICE, "wrong horse")).isEmpty();
  }

  @Test
  void a_second_account_of_a_name_changes_nothing() {
    accounts.create(ALICE, "correct horse");

    assertThat(accounts.create(ALICE, "battery staple")).isEqualTo(Outcome.CONFLICT);
    assertThat(check(ALICE, "correct horse")).isPresent();
  }

  @Test
  void what_cannot_be_a_password_makes_no_account() {
    for (String password : List.of("", "tab\there", "\u0000", "x".repeat(1025))) {
      assertThat(accounts.create(ALICE, password)).isEqualTo(Outcome.BAD_PASSWORD);
      assertThat(Accounts.isPossible(password)).isFalse();
    }
    assertThat(accounts.find(ALICE)).isEmpty();
  }

  @Test
  void a_reload_with_the_same_passwords_revokes_nothing() {
    accounts.configure(List.of(configured(ALICE, "correct horse")));
    accounts.configure(List.of(configured(ALICE, "correct horse"), configured(BOB, "x")));

    assertThat(revoked).isEmpty();
    assertThat(accounts.revision()).isZero();
  }

  @Test
  void a_reload_revokes_what_is_gone_or_has_another_password() {
    accounts.configure(List.of(configured(ALICE, "correct horse"), configured(BOB, "x")));

    accounts.configure(List.of(configured(BOB, "y")));

    assertThat(revoked)
        .containsExactlyInAnyOrder(
            new Revocation(ALICE, Revocation.Reason.DELETED, Optional.empty()),
            new Revocation(BOB, Revocation.Reason.PASSWORD_CHANGED, Optional.empty()));
    assertThat(check(BOB, "x")).isEmpty();
    assertThat(check(BOB, "y")).isPresent();
    assertThat(check(ALICE, "correct horse")).isEmpty();
  }

  @Test
  void a_reload_that_cannot_be_changes_nothing() {
    accounts.configure(List.of(configured(ALICE, "correct horse")));

    assertThatThrownBy(() -> accounts.configure(List.of(configured(BOB, "\t"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bob@example.org");

    assertThat(check(ALICE, "correct horse")).isPresent();
  }

  @Test
  void keys_of_each_hash_may_be_configured_instead_of_a_password() {
    accounts.create(ALICE, "correct horse");
    List<Configured> written =
        store.find(ALICE).orElseThrow().keys().stream()
            .map(ScramKeys::encoded)
            .<Configured>map(
                text -> new Configured.WithKeys(BOB, ScramKeys.parse(text).orElseThrow()))
            .toList();

    accounts.configure(written);

    assertThat(check(BOB, "correct horse")).isPresent();
    assertThat(accounts.find(BOB).orElseThrow().keys()).hasSize(2);
  }

  @Test
  void configured_accounts_are_changed_in_the_configuration_only() {
    accounts.configure(List.of(configured(ALICE, "correct horse")));

    assertThat(accounts.create(ALICE, "battery staple")).isEqualTo(Outcome.CONFLICT);
    assertThat(accounts.changePassword(ALICE, "battery staple", Optional.empty()))
        .isEqualTo(Outcome.NO_ACCOUNT);
    assertThat(accounts.delete(ALICE, Optional.empty())).isEqualTo(Outcome.NO_ACCOUNT);
    assertThat(check(ALICE, "correct horse")).isPresent();
  }

  @Test
  void what_is_not_there_cannot_be_changed() {
    assertThat(accounts.changePassword(ALICE, "battery staple", Optional.empty()))
        .isEqualTo(Outcome.NO_ACCOUNT);
    assertThat(accounts.delete(ALICE, Optional.empty())).isEqualTo(Outcome.NO_ACCOUNT);
    assertThat(revoked).isEmpty();
  }

  @Test
  void who_proved_a_password_stays_until_it_is_revoked() {
    accounts.create(ALICE, "correct horse");
    accounts.create(BOB, "correct horse");
    AuthenticatedUser alice =
        new AuthenticatedUser(
            "alice",
            "example.org",
            new Proof.Password(check(ALICE, "correct horse").orElseThrow(), accounts.revision()));
    assertThat(accounts.isCurrent(alice)).isTrue();

    accounts.delete(BOB, Optional.empty());
    assertThat(accounts.isCurrent(alice)).isFalse();
    assertThat(accounts.stillHolds(alice)).isTrue();

    accounts.changePassword(ALICE, "battery staple", Optional.empty());
    assertThat(accounts.stillHolds(alice)).isFalse();
  }

  @Test
  void only_domains_of_configured_accounts_have_such() {
    accounts.configure(List.of(configured(new Jid("eu1", "relays.example.org", ""), "secret")));

    assertThat(accounts.areConfiguredFor("relays.example.org")).isTrue();
    assertThat(accounts.areConfiguredFor("example.org")).isFalse();
  }
}
