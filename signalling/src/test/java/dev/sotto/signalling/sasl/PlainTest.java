package dev.sotto.signalling.sasl;

import static dev.sotto.signalling.sasl.Exchanges.refused;
import static dev.sotto.signalling.sasl.Exchanges.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.TestKeys;
import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.TokenVerifier;
import dev.sotto.signalling.dialogue.SignIns;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.sasl.SaslExchange.Step;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4616, with passwords of accounts and with tokens. */
final class PlainTest {

  private static final SaslMethods BOTH = new SaslMethods(true, true);

  private final Accounts accounts = SignIns.noAccounts();

  private Step plain(SaslMethods methods, String message) {
    TokenVerifier tokens =
        new TokenVerifier(List.of(TestKeys.TOKEN_KEY), Duration.ZERO, Clock.systemUTC());
    SaslChannel channel = new SaslChannel("example.org", true, _ -> Optional.empty());
    return say(new Plain(methods, new TokenCheck(tokens), accounts, channel), message);
  }

  @Test
  void section_2_a_message_has_an_identity_a_name_and_a_password() {
    assertThat(PlainMessage.parse(bytes("\0tim\0tanstaaftanstaaf")))
        .contains(new PlainMessage("", "tim", "tanstaaftanstaaf"));
    assertThat(PlainMessage.parse(bytes("Ursel\0Kurt\0xipj3plmq")))
        .contains(new PlainMessage("Ursel", "Kurt", "xipj3plmq"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tim", "\0tim", "\0tim\0", "\0\0x", "a\0b\0c\0d", "\0\0\0"})
  void section_2_anything_else_is_none(String message) {
    assertThat(PlainMessage.parse(bytes(message))).isEmpty();
    assertThat(refused(plain(BOTH, message))).isEqualTo(SaslCondition.MALFORMED_REQUEST);
  }

  @Test
  void what_is_not_utf_8_is_none() {
    assertThat(PlainMessage.parse(new byte[] {0, 'a', 0, (byte) 0xff})).isEmpty();
  }

  @Test
  void the_password_is_never_shown() {
    assertThat(new PlainMessage("", "tim", "secret").toString()).doesNotContain("secret");
  }

  @Test
  void the_password_of_an_account_logs_in_and_another_does_not() {
    accounts.create(new Jid("alice", "example.org", ""), "correct horse");

    assertThat(plain(BOTH, "\0alice\0correct horse")).isInstanceOf(Step.Success.class);
    assertThat(plain(BOTH, "alice@example.org\0alice\0correct horse"))
        .isInstanceOf(Step.Success.class);
    assertThat(refused(plain(BOTH, "bob\0alice\0correct horse")))
        .isEqualTo(SaslCondition.INVALID_AUTHZID);
  }

  @ParameterizedTest
  @CsvSource({"alice,wrong horse", "bob,correct horse", "al ice,correct horse", "@,correct horse"})
  void a_wrong_password_and_a_wrong_user_fail_alike(String name, String password) {
    accounts.create(new Jid("alice", "example.org", ""), "correct horse");

    assertThat(plain(BOTH, "\0" + name + "\0" + password))
        .isEqualTo(Step.refused(SaslCondition.NOT_AUTHORIZED, "user or password is not right"));
  }

  @Test
  void either_form_of_a_password_that_can_be_prepared_in_two_ways_logs_in() {
    accounts.create(new Jid("alice", "example.org", ""), "nine is \u2168");

    assertThat(plain(BOTH, "\0alice\0nine is \u2168")).isInstanceOf(Step.Success.class);
    assertThat(plain(BOTH, "\0alice\0nine is IX")).isInstanceOf(Step.Success.class);
  }

  @Test
  void a_token_logs_in_whether_there_are_accounts_or_not() {
    String token = TestKeys.token("alice");

    assertThat(plain(BOTH, "\0alice\0" + token)).isInstanceOf(Step.Success.class);
    assertThat(plain(new SaslMethods(true, false), "\0alice\0" + token))
        .isInstanceOf(Step.Success.class);
    assertThat(refused(plain(BOTH, "\0bob\0" + token))).isEqualTo(SaslCondition.NOT_AUTHORIZED);
  }

  @Test
  void where_there_are_no_tokens_one_is_a_password_like_any_other() {
    assertThat(refused(plain(new SaslMethods(false, true), "\0alice\0" + TestKeys.token("alice"))))
        .isEqualTo(SaslCondition.NOT_AUTHORIZED);
  }

  @Test
  void a_password_with_dots_is_not_taken_for_a_token() {
    accounts.create(new Jid("alice", "example.org", ""), "one.two.three");

    assertThat(plain(BOTH, "\0alice\0one.two.three")).isInstanceOf(Step.Success.class);
  }

  private static byte[] bytes(String message) {
    return message.getBytes(StandardCharsets.UTF_8);
  }
}
