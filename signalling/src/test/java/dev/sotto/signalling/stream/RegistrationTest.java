package dev.sotto.signalling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.Accounts.Configured;
import dev.sotto.signalling.auth.ScramHash;
import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import dev.sotto.signalling.dialogue.SignIns;
import dev.sotto.signalling.dialogue.Tokens;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.sasl.ScramClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0077, before and after authentication. */
final class RegistrationTest {

  private static final String ELSEWHERE = "203.0.113.7";

  private final Accounts accounts = SignIns.noAccounts();
  private final Dialogue dialogue = Dialogue.withAccounts(accounts);

  private static String query(String type, String content) {
    return "<iq type='"
        + type
        + "' id='r'><query xmlns='jabber:iq:register'>"
        + content
        + "</query></iq>";
  }

  private static String set(String username, String password) {
    return query(
        "set", "<username>" + username + "</username><password>" + password + "</password>");
  }

  private static String refused(String type, String condition) {
    return "<iq type='error' id='r'><error type='"
        + type
        + "'><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
  }

  private Device opened(String address) {
    Device device = dialogue.connection(address, true, true).opens();
    dialogue.quiet();
    return device;
  }

  private static ScramClient scram(String user, String password) {
    return ScramClient.of(ScramHash.SHA_256, user, password);
  }

  @Nested
  class BeforeAuthentication {

    @Test
    void section_3_1_1_the_form_asks_for_name_and_password() {
      assertThat(opened(ELSEWHERE).says(query("get", "")).hears())
          .contains("<username/><password/>", "<instructions>");
    }

    @Test
    void section_3_1_1_an_account_is_made_and_logs_in_on_the_same_stream() {
      Device device = opened(ELSEWHERE).says(set("Alice", "correct horse"));
      device.hears("<iq type='result' id='r'/>");

      device.authenticates("SCRAM-SHA-256", scram("alice", "correct horse"));

      assertThat(device.hears()).startsWith("<success");
    }

    @Test
    void a_name_that_is_taken_is_a_conflict() {
      accounts.create(new Jid("alice", Dialogue.DOMAIN, ""), "correct horse");

      opened(ELSEWHERE).says(set("ALICE", "battery staple")).hears(refused("cancel", "conflict"));
    }

    @Test
    void a_configured_name_is_taken() {
      accounts.configure(
          List.of(
              new Configured.WithPassword(new Jid("alice", Dialogue.DOMAIN, ""), "correct horse")));

      opened(ELSEWHERE).says(set("alice", "battery staple")).hears(refused("cancel", "conflict"));
    }

    @ParameterizedTest
    @CsvSource({
      "'',correct horse",
      "alice,''",
      "alice,7 chars",
      "al ice,correct horse",
      "alice@example.org,correct horse"
    })
    void what_cannot_be_a_name_or_password_is_not_acceptable(String username, String password) {
      opened(ELSEWHERE).says(set(username, password)).hears(refused("modify", "not-acceptable"));
    }

    @Test
    void a_password_that_cannot_be_prepared_is_not_acceptable() {
      opened(ELSEWHERE)
          .says(set("alice", "12345678&#x9;"))
          .hears(refused("modify", "not-acceptable"));
    }

    @Test
    void an_address_makes_so_many_accounts_an_hour() {
      for (int i = 0; i < SignIns.REGISTRATIONS_PER_HOUR; i++) {
        opened(ELSEWHERE)
            .says(set("user" + i, "correct horse"))
            .hears("<iq type='result' id='r'/>");
      }

      opened(ELSEWHERE)
          .says(set("onemore", "correct horse"))
          .hears(refused("wait", "resource-constraint"));
      opened("203.0.113.8")
          .says(set("another", "correct horse"))
          .hears("<iq type='result' id='r'/>");
      dialogue.time().pass(Duration.ofHours(1));
      opened(ELSEWHERE).says(set("onemore", "correct horse")).hears("<iq type='result' id='r'/>");
    }

    @Test
    void an_answer_after_the_connection_is_gone_is_forgotten() {
      dialogue.holdTokens();
      Device device = opened(ELSEWHERE).says(set("alice", "correct horse"));
      device.disconnects();

      dialogue.checkTokens();

      device.hearsNothing();
    }

    @Test
    void a_client_waits_for_its_answer() {
      dialogue.holdTokens();
      Device device = opened(ELSEWHERE).says(set("alice", "correct horse"));

      device.says(set("bob", "correct horse"));

      assertThat(device.hearsRest().getFirst()).contains("policy-violation");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", ELSEWHERE})
    void where_the_operator_does_not_want_it_there_is_none(String address) {
      Device device = Dialogue.amongEveryone().connection(address, true, true).opens();
      assertThat(device.hearsRest().getLast()).doesNotContain("iq-register");

      device.says(set("alice", "correct horse"));

      assertThat(device.hearsRest().getFirst()).contains("not-authorized");
    }

    @Test
    void nobody_sends_a_password_for_all_to_hear() {
      Device device = dialogue.connection(ELSEWHERE, true, false).opens();
      dialogue.quiet();

      device.says(set("alice", "correct horse"));

      assertThat(device.hearsRest().getFirst()).contains("not-authorized");
    }
  }

  @Nested
  class AfterAuthentication {

    private static final String DONE = "<iq type='result' id='r' to='alice@example.org/phone'/>";

    private Device bound(String resource, String password) {
      Device device =
          opened(ELSEWHERE)
              .authenticates("SCRAM-SHA-256", scram("alice", password))
              .opens()
              .binds(resource);
      dialogue.quiet();
      return device;
    }

    private Device phone() {
      accounts.create(new Jid("alice", Dialogue.DOMAIN, ""), "correct horse");
      return bound("phone", "correct horse");
    }

    private static String refusedToPhone(String type, String condition) {
      return refused(type, condition).replace("id='r'", "id='r' to='alice@example.org/phone'");
    }

    @Test
    void section_3_3_a_changed_password_counts_and_ends_the_other_sessions() {
      Device phone = phone();
      Device laptop = bound("laptop", "correct horse");

      phone.says(set("alice", "battery staple")).hears(DONE);

      assertThat(laptop.hearsRest().getFirst()).contains("reset");
      opened(ELSEWHERE)
          .authenticates("SCRAM-SHA-256", scram("alice", "correct horse"))
          .hears("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>");
      bound("tablet", "battery staple").hearsNothing();
    }

    @Test
    void section_3_2_a_removed_account_is_gone_with_its_sessions() {
      Device phone = phone();
      Device laptop = bound("laptop", "correct horse");

      phone.says(query("set", "<remove/>")).hears(DONE);

      assertThat(phone.hearsRest().getFirst()).contains("not-authorized");
      assertThat(laptop.hearsRest().getFirst()).contains("not-authorized");
      assertThat(accounts.find(new Jid("alice", Dialogue.DOMAIN, ""))).isEmpty();
    }

    @Test
    void who_is_registered_is_told_so() {
      assertThat(phone().says(query("get", "")).hears())
          .contains("<registered/><username>alice</username>");
    }

    @Test
    void nobody_changes_the_password_of_another() {
      phone().says(set("bob", "battery staple")).hears(refusedToPhone("cancel", "not-allowed"));
    }

    @Test
    void a_password_that_is_too_short_changes_nothing() {
      phone().says(set("alice", "short")).hears(refusedToPhone("modify", "not-acceptable"));
    }

    @Test
    void remove_stands_alone() {
      phone()
          .says(query("set", "<remove/><username>alice</username>"))
          .hears(refusedToPhone("modify", "bad-request"));
    }

    @Test
    void a_configured_account_is_changed_where_it_is() {
      accounts.configure(
          List.of(
              new Configured.WithPassword(new Jid("alice", Dialogue.DOMAIN, ""), "correct horse")));
      Device phone = bound("phone", "correct horse");

      phone.says(set("alice", "battery staple")).hears(refusedToPhone("cancel", "not-allowed"));
      phone.says(query("set", "<remove/>")).hears(refusedToPhone("cancel", "not-allowed"));
    }

    @Test
    void who_came_with_a_token_has_no_account_to_change() {
      Device phone = opened(ELSEWHERE).authenticates("", "alice", Tokens.good("alice"));
      phone.opens().binds("phone");
      dialogue.quiet();

      phone.says(set("alice", "battery staple")).hears(refusedToPhone("cancel", "not-allowed"));
    }

    @Test
    void the_server_says_that_it_can() {
      assertThat(
              phone()
                  .says(
                      "<iq type='get' id='d' to='example.org'>"
                          + "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
                  .hears())
          .contains("<feature var='jabber:iq:register'/>");
    }
  }
}
