package dev.sotto.signalling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.Accounts.Configured;
import dev.sotto.signalling.auth.Accounts.Outcome;
import dev.sotto.signalling.auth.ScramHash;
import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import dev.sotto.signalling.dialogue.SignIns;
import dev.sotto.signalling.dialogue.Tokens;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.sasl.ScramClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6120 section 6 with mechanisms of several messages, and accounts that end. */
final class StreamAccountsTest {

  private static final Jid ALICE = new Jid("alice", Dialogue.DOMAIN, "");
  private static final String PASSWORD = "correct horse";
  private static final String SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
  private static final String CLOSED = "</stream:stream>";
  private static final String SCRAM = "SCRAM-SHA-256";

  private final Accounts accounts = SignIns.noAccounts();
  private final Dialogue dialogue = Dialogue.withAccounts(accounts);

  @BeforeEach
  void makeAccount() {
    assertThat(accounts.create(ALICE, PASSWORD)).isEqualTo(Outcome.DONE);
  }

  private Device opened() {
    Device device = dialogue.connection().opens();
    dialogue.quiet();
    return device;
  }

  private static ScramClient scram(String user, String password) {
    return ScramClient.of(ScramHash.SHA_256, user, password);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String auth(String mechanism, String text) {
    return "<auth " + SASL + " mechanism='" + mechanism + "'>" + text + "</auth>";
  }

  private static String response(String text) {
    return "<response " + SASL + ">" + text + "</response>";
  }

  private static String failure(String condition) {
    return "<failure " + SASL + "><" + condition + "/></failure>";
  }

  private static String error(String condition) {
    return "<stream:error><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
  }

  /** Logged in by password and bound. */
  private Device bound(String resource) {
    Device device = opened().authenticates(SCRAM, scram("alice", PASSWORD)).opens().binds(resource);
    dialogue.quiet();
    return device;
  }

  @Nested
  class Exchange {

    @Test
    void under_tls_the_mechanisms_that_bind_it_come_first() {
      assertThat(dialogue.connection("203.0.113.7", true, true).opens().hearsRest().getLast())
          .contains("<channel-binding type='tls-exporter'/>")
          .contains("<channel-binding type='tls-server-end-point'/>")
          .contains("<mechanism>SCRAM-SHA-256-PLUS</mechanism><mechanism>SCRAM-SHA-1-PLUS<")
          .contains("<register xmlns='http://jabber.org/features/iq-register'/>");
    }

    @Test
    void from_elsewhere_without_tls_nothing_is_offered_not_even_registration() {
      assertThat(dialogue.connection("203.0.113.7", true, false).opens().hearsRest().getLast())
          .doesNotContain("mechanism", "register", "channel-binding")
          .contains("<required/>");
    }

    @Test
    void section_6_4_a_password_proven_leads_to_success_with_the_servers_proof() {
      ScramClient client = scram("alice", PASSWORD);
      Device device = opened().authenticates(SCRAM, client);

      String success = device.hears();

      assertThat(success).startsWith("<success");
      String data = success.substring(success.indexOf('>') + 1, success.indexOf("</"));
      assertThat(
              client.trusts(new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8)))
          .isTrue();
      device.hears("(restart)");
      assertThat(dialogue.counters().authSuccesses.sum()).isEqualTo(1);
    }

    @Test
    void a_client_bound_to_the_connection_logs_in() {
      Device device = dialogue.connection("203.0.113.7", true, true).opens();
      dialogue.quiet();
      byte[] binding = "memory tls-exporter".getBytes(StandardCharsets.UTF_8);

      device.authenticates(
          "SCRAM-SHA-256-PLUS",
          new ScramClient(
              ScramHash.SHA_256, "p=tls-exporter,,", "alice", PASSWORD, "nonce", binding));

      assertThat(device.hears()).startsWith("<success");
    }

    @Test
    void a_wrong_password_and_a_wrong_user_hear_the_same() {
      opened().authenticates(SCRAM, scram("alice", "wrong")).hears(failure("not-authorized"));
      opened().authenticates(SCRAM, scram("nobody", PASSWORD)).hears(failure("not-authorized"));
      assertThat(dialogue.counters().authFailures.sum()).isEqualTo(2);
    }

    @Test
    void section_6_4_2_without_an_initial_response_the_client_is_asked_for_it() {
      Device device = opened().says(auth("PLAIN", ""));
      device.hears("<challenge " + SASL + ">=</challenge>");

      device.says(response(base64("\0alice\0" + PASSWORD)));

      device.hears("<success " + SASL + "/>", "(restart)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "="})
    void an_empty_response_is_one_of_no_bytes(String text) {
      Device device = opened().says(auth("PLAIN", ""));
      dialogue.quiet();

      device.says(response(text)).hears(failure("malformed-request"));
    }

    @Test
    void a_token_comes_by_oauthbearer_too() {
      opened()
          .says(auth("OAUTHBEARER", base64("n,,\1auth=Bearer " + Tokens.good("alice") + "\1\1")))
          .hears("<success " + SASL + "/>", "(restart)");
    }

    @Test
    void section_6_4_5_an_aborted_exchange_cannot_be_continued() {
      Device device = opened().says(auth(SCRAM, base64("n,,n=alice,r=x")));
      dialogue.quiet();

      device.says("<abort " + SASL + "/>").hears(failure("aborted"));

      device.says(response("")).hears(error("unsupported-stanza-type"), CLOSED);
    }

    @Test
    void a_failed_exchange_cannot_be_continued() {
      Device device = opened().authenticates(SCRAM, scram("alice", "wrong"));
      dialogue.quiet();

      device.says(response("")).hears(error("unsupported-stanza-type"), CLOSED);
    }

    @Test
    void section_5_4_3_3_what_was_said_before_tls_is_forgotten() {
      Device device = opened().says(auth(SCRAM, base64("n,,n=alice,r=x")));
      device.says("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>").opens();
      dialogue.quiet();

      device.says(response("")).hears(error("unsupported-stanza-type"), CLOSED);
    }

    @Test
    void another_auth_begins_anew() {
      Device device = opened().says(auth(SCRAM, base64("n,,n=alice,r=x")));
      dialogue.quiet();

      device.authenticates(SCRAM, scram("alice", PASSWORD));

      assertThat(device.hears()).startsWith("<success");
    }

    @Test
    void the_third_wrong_password_ends_the_stream() {
      Device device = opened();
      device.authenticates(SCRAM, scram("alice", "wrong"));
      dialogue.quiet();
      device.authenticates("", "alice", "wrong");
      dialogue.quiet();

      device
          .authenticates(SCRAM, scram("alice", "wrong"))
          .hears(failure("not-authorized"), error("policy-violation"), CLOSED);
    }

    /** Clients that know other kinds of binding than we do fall back from one to the next. */
    @Test
    void who_cannot_bind_may_try_all_mechanisms() {
      Device device = dialogue.connection("203.0.113.7", true, true).opens();
      dialogue.quiet();
      for (String mechanism : List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS")) {
        device
            .says(auth(mechanism, base64("p=tls-unique,,n=alice,r=x")))
            .hears(failure("malformed-request"));
      }
      for (String mechanism : List.of("SCRAM-SHA-256", "SCRAM-SHA-1")) {
        device.says(auth(mechanism, base64("y,,n=alice,r=x"))).hears(failure("not-authorized"));
      }

      device.authenticates("", "alice", PASSWORD).hears("<success " + SASL + "/>", "(restart)");
    }

    @Test
    void an_exchange_that_never_ends_does() {
      Device device = opened();
      for (int i = 0; i < 16; i++) {
        device.says(auth(SCRAM, base64("n,,n=alice,r=x")));
      }
      dialogue.quiet();

      device.says(auth(SCRAM, base64("n,,n=alice,r=x"))).hears(error("policy-violation"), CLOSED);
    }
  }

  @Nested
  class Revocation {

    @Test
    void deleting_an_account_ends_its_sessions_and_no_others() {
      accounts.create(new Jid("bob", Dialogue.DOMAIN, ""), PASSWORD);
      Device phone = bound("phone");
      Device laptop = bound("laptop");
      Device bob = opened().authenticates(SCRAM, scram("bob", PASSWORD)).opens().binds("x");
      dialogue.quiet();

      accounts.delete(ALICE, Optional.empty());

      phone.hears(error("not-authorized"), CLOSED);
      laptop.hears(error("not-authorized"), CLOSED);
      bob.hearsNothing();
    }

    @Test
    void changing_a_password_ends_all_sessions_but_the_one_that_did_it() {
      Device phone = bound("phone");
      Device laptop = bound("laptop");

      accounts.changePassword(ALICE, "battery staple", Optional.of(ALICE.withResource("laptop")));

      phone.hears(error("reset"), CLOSED);
      laptop.hearsNothing();
    }

    @Test
    void a_password_that_changes_between_login_and_binding_lets_nobody_in() {
      Device device = opened().authenticates(SCRAM, scram("alice", PASSWORD)).opens();
      dialogue.quiet();

      accounts.changePassword(ALICE, "battery staple", Optional.empty());
      device.binds("phone");

      assertThat(device.hearsRest()).endsWith(Device.canonicalOf(error("not-authorized")), CLOSED);
    }

    @Test
    void a_password_that_changes_within_the_exchange_lets_nobody_in() {
      ScramClient client = scram("alice", PASSWORD);
      Device device = opened().says(auth(SCRAM, base64(client.first())));
      String challenge = device.hears();
      String data = challenge.substring(challenge.indexOf('>') + 1, challenge.indexOf("</"));
      accounts.delete(ALICE, Optional.empty());

      device
          .says(
              response(
                  base64(
                      client.last(
                          new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8)))))
          .opens()
          .binds("phone");

      assertThat(device.hearsRest()).endsWith(Device.canonicalOf(error("not-authorized")), CLOSED);
    }

    @Test
    void the_change_of_another_account_disturbs_nobody() {
      Jid bob = new Jid("bob", Dialogue.DOMAIN, "");
      accounts.create(bob, PASSWORD);
      Device device = opened().authenticates(SCRAM, scram("alice", PASSWORD)).opens();
      dialogue.quiet();

      accounts.delete(bob, Optional.empty());
      device.binds("phone");

      assertThat(device.hearsRest()).noneMatch(heard -> heard.contains("error"));
      assertThat(device.isClosed()).isFalse();
    }
  }

  @Nested
  class Relays {

    private final Jid relay = new Jid("eu1", Dialogue.RELAYS, "");

    @BeforeEach
    void configure() {
      accounts.configure(List.of(new Configured.WithPassword(relay, "relay secret")));
    }

    private Device opensRelays() {
      Device device =
          dialogue
              .connection()
              .opens("<stream:stream to='" + Dialogue.RELAYS + "' version='1.0'/>");
      dialogue.quiet();
      return device;
    }

    @Test
    void a_relay_logs_in_where_accounts_are_configured() {
      Device device =
          opensRelays()
              .authenticates("SCRAM-SHA-1", ScramClient.of(ScramHash.SHA_1, "eu1", "relay secret"));
      assertThat(device.hears()).startsWith("<success");
      device
          .hears("(restart)")
          .opens("<stream:stream to='" + Dialogue.RELAYS + "' version='1.0'/>");
      dialogue.quiet();

      device.binds("link");

      assertThat(device.hearsRest().getLast())
          .contains("<jid>eu1@" + Dialogue.RELAYS + "/link</jid>");
    }

    @Test
    void a_relay_is_no_user_and_a_user_no_relay() {
      opened().authenticates(SCRAM, scram("eu1", "relay secret")).hears(failure("not-authorized"));
      opensRelays().authenticates(SCRAM, scram("alice", PASSWORD)).hears(failure("not-authorized"));
    }

    @Test
    void tokens_are_for_users() {
      opensRelays()
          .authenticates("", "alice", Tokens.good("alice"))
          .hears(failure("not-authorized"));
    }

    @Test
    void nobody_changes_the_domain_after_login() {
      Device device = opensRelays().authenticates(SCRAM, scram("eu1", "relay secret"));
      dialogue.quiet();

      device.opens();

      assertThat(device.hearsRest()).contains(Device.canonicalOf(error("host-unknown")));
    }

    @Test
    void nobody_registers_as_a_relay() {
      opensRelays()
          .says(
              "<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>us1</username>"
                  + "<password>12345678</password></query></iq>")
          .hears(error("not-authorized"), CLOSED);
    }
  }
}
