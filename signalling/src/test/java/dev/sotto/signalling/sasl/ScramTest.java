package dev.sotto.signalling.sasl;

import static dev.sotto.signalling.sasl.Exchanges.challenged;
import static dev.sotto.signalling.sasl.Exchanges.refused;
import static dev.sotto.signalling.sasl.Exchanges.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.auth.Account;
import dev.sotto.signalling.auth.Accounts;
import dev.sotto.signalling.auth.InMemoryAccountStore;
import dev.sotto.signalling.auth.ScramHash;
import dev.sotto.signalling.auth.ScramKeys;
import dev.sotto.signalling.dialogue.SignIns;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.sasl.SaslExchange.Step;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5802 and RFC 7677, seen from the server. */
final class ScramTest {

  private static final String DOMAIN = "example.org";
  private static final byte[] END_POINT = {1, 2, 3};
  private static final SaslChannel CHANNEL =
      new SaslChannel(
          DOMAIN,
          true,
          type ->
              type == ChannelBindingType.TLS_SERVER_END_POINT
                  ? Optional.of(END_POINT)
                  : Optional.empty());

  private final InMemoryAccountStore store = new InMemoryAccountStore();
  private final Accounts accounts = new Accounts(store, SignIns.hashing());

  private SaslExchange scram(ScramHash hash, boolean plus, boolean plusOffered, String nonce) {
    return new Scram(hash, plus, plusOffered, accounts, CHANNEL, () -> nonce);
  }

  private SaslExchange scram(ScramHash hash) {
    return scram(hash, false, false, "server");
  }

  private void account(String local, ScramKeys... keys) {
    store.create(new Account(new Jid(local, DOMAIN, ""), List.of(keys)));
  }

  private void accountWithPassword(String local, String password) {
    accounts.create(new Jid(local, DOMAIN, ""), password);
  }

  @Test
  void section_5_of_rfc_5802_the_example_with_sha_1() {
    account("user", ScramClient.keys(ScramHash.SHA_1, "pencil", "QSXCR+Q6sek8bf92", 4096));
    SaslExchange server = scram(ScramHash.SHA_1, false, false, "3rfcNHYJY1ZVvWVs7j");

    Step.Challenge challenge = challenged(server, "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
    assertThat(challenge.data())
        .isEqualTo("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");

    Step outcome =
        say(
            challenge.next(),
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
    assertThat(((Step.Success) outcome).data()).contains("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
    assertThat(((Step.Success) outcome).user().local()).isEqualTo("user");
  }

  @Test
  void section_3_of_rfc_7677_the_example_with_sha_256() {
    account(
        "user", ScramClient.keys(ScramHash.SHA_256, "pencil", "W22ZaJ0SNY7soEsUEjb6gQ==", 4096));
    SaslExchange server = scram(ScramHash.SHA_256, false, false, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");

    Step.Challenge challenge = challenged(server, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
    assertThat(challenge.data())
        .isEqualTo(
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");

    Step outcome =
        say(
            challenge.next(),
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    assertThat(((Step.Success) outcome).data())
        .contains("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  }

  private Step logIn(ScramHash hash, ScramClient client) {
    Step.Challenge challenge = challenged(scram(hash), client.first());
    return say(challenge.next(), client.last(challenge.data()));
  }

  @ParameterizedTest
  @EnumSource(ScramHash.class)
  void an_account_that_was_made_here_logs_in_and_trusts_the_server(ScramHash hash) {
    accountWithPassword("alice", "correct horse");
    ScramClient client = ScramClient.of(hash, "alice", "correct horse");

    Step outcome = logIn(hash, client);

    assertThat(client.trusts(((Step.Success) outcome).data().orElseThrow())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Alice", "alice@example.org", "ALICE@Example.Org", "\uFF21lice"})
  void users_may_be_named_as_jids_are_compared(String name) {
    accountWithPassword("alice", "correct horse");

    assertThat(logIn(ScramHash.SHA_256, ScramClient.of(ScramHash.SHA_256, name, "correct horse")))
        .isInstanceOf(Step.Success.class);
  }

  @Test
  void section_5_1_commas_and_equals_signs_of_a_name_come_escaped() {
    accountWithPassword("a,b=c", "correct horse");

    assertThat(
            logIn(
                ScramHash.SHA_256, ScramClient.of(ScramHash.SHA_256, "a=2Cb=3Dc", "correct horse")))
        .isInstanceOf(Step.Success.class);
  }

  @ParameterizedTest
  @CsvSource({"alice,wrong horse", "bob,correct horse", "alice@elsewhere.org,correct horse"})
  void a_wrong_password_and_a_wrong_user_fail_alike(String name, String password) {
    accountWithPassword("alice", "correct horse");

    Step outcome = logIn(ScramHash.SHA_256, ScramClient.of(ScramHash.SHA_256, name, password));

    assertThat(outcome)
        .isEqualTo(
            Step.refused(
                SaslCondition.NOT_AUTHORIZED, "user, password or channel is not the right one"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "no\u0007body", "alice@elsewhere.org"})
  void who_does_not_exist_is_challenged_like_others_and_always_in_the_same_way(String name) {
    accountWithPassword("alice", "correct horse");
    String hello = "n,,n=" + name + ",r=c";

    String first = challenged(scram(ScramHash.SHA_256), hello).data();

    assertThat(challenged(scram(ScramHash.SHA_256), hello).data()).isEqualTo(first);
    String ofAlice = challenged(scram(ScramHash.SHA_256), "n,,n=alice,r=c").data();
    assertThat(first).hasSameSizeAs(ofAlice).isNotEqualTo(ofAlice);
    assertThat(challenged(scram(ScramHash.SHA_1), hello).data()).isNotEqualTo(first);
  }

  @Test
  void an_account_cannot_be_seen_coming_into_being() {
    String before = challenged(scram(ScramHash.SHA_256), "n,,n=alice,r=c").data();

    accountWithPassword("alice", "correct horse");

    assertThat(challenged(scram(ScramHash.SHA_256), "n,,n=alice,r=c").data()).isEqualTo(before);
  }

  @Test
  void what_a_client_may_prepare_in_two_ways_it_may_send_in_both() {
    accountWithPassword("alice", "pa\u00DFwor\u2168"); // SASLprep has IX for the last one
    for (String prepared : List.of("pa\u00DFwor\u2168", "pa\u00DFworIX")) {
      for (ScramHash hash : ScramHash.values()) {
        assertThat(logIn(hash, ScramClient.of(hash, "alice", prepared)))
            .isInstanceOf(Step.Success.class);
      }
    }
    assertThat(logIn(ScramHash.SHA_1, ScramClient.of(ScramHash.SHA_1, "alice", "pa\u00DFwor9")))
        .isInstanceOf(Step.Refused.class);
  }

  @Test
  void a_replayed_last_message_does_not_fit_another_challenge() {
    accountWithPassword("alice", "correct horse");
    ScramClient client = ScramClient.of(ScramHash.SHA_256, "alice", "correct horse");
    Step.Challenge recorded = challenged(scram(ScramHash.SHA_256), client.first());
    String last = client.last(recorded.data());
    assertThat(say(recorded.next(), last)).isInstanceOf(Step.Success.class);

    Step.Challenge fresh =
        challenged(scram(ScramHash.SHA_256, false, false, "another"), client.first());

    assertThat(refused(say(fresh.next(), last))).isEqualTo(SaslCondition.NOT_AUTHORIZED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonce", "nonceserverx", "server", "x"})
  void section_5_1_the_nonce_must_be_the_whole_one(String nonce) {
    accountWithPassword("alice", "correct horse");
    ScramClient client = ScramClient.of(ScramHash.SHA_256, "alice", "correct horse");
    Step.Challenge challenge = challenged(scram(ScramHash.SHA_256), client.first());

    assertThat(refused(say(challenge.next(), client.last(challenge.data(), nonce))))
        .isEqualTo(SaslCondition.NOT_AUTHORIZED);
  }

  private static ScramClient client(String header, byte[] binding) {
    return new ScramClient(ScramHash.SHA_256, header, "alice", "correct horse", "nonce", binding);
  }

  private Step logInPlus(ScramClient client) {
    Step.Challenge challenge =
        challenged(scram(ScramHash.SHA_256, true, true, "server"), client.first());
    return say(challenge.next(), client.last(challenge.data()));
  }

  @Test
  void a_client_that_binds_the_channel_logs_in() {
    accountWithPassword("alice", "correct horse");

    assertThat(logInPlus(client("p=tls-server-end-point,,", END_POINT)))
        .isInstanceOf(Step.Success.class);
  }

  @Test
  void section_6_a_client_that_is_bound_to_another_channel_is_not_the_one_here() {
    accountWithPassword("alice", "correct horse");

    assertThat(refused(logInPlus(client("p=tls-server-end-point,,", new byte[] {1, 2, 4}))))
        .isEqualTo(SaslCondition.NOT_AUTHORIZED);
    assertThat(refused(logInPlus(client("p=tls-server-end-point,,", new byte[0]))))
        .isEqualTo(SaslCondition.NOT_AUTHORIZED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true|true|n,,|MALFORMED_REQUEST", // chose to bind, then does not
        "true|true|y,,|MALFORMED_REQUEST",
        "true|true|p=tls-unique,,|MALFORMED_REQUEST", // not offered
        "true|true|p=tls-exporter,,|MALFORMED_REQUEST", // this connection has none
        "false|true|p=tls-server-end-point,,|MALFORMED_REQUEST", // chose not to, then does
        "false|true|y,,|NOT_AUTHORIZED" // was offered it, but never saw that: a downgrade
      })
  void section_6_a_flag_that_does_not_fit_the_mechanism_is_refused_before_a_challenge(
      boolean plus, boolean plusOffered, String header, SaslCondition condition) {
    accountWithPassword("alice", "correct horse");

    Step outcome =
        say(scram(ScramHash.SHA_256, plus, plusOffered, "server"), header + "n=alice,r=nonce");

    assertThat(refused(outcome)).isEqualTo(condition);
    // Nothing was learnt of the password: clients that get this wrong may go on to choose another.
    assertThat(((Step.Refused) outcome).attempt()).isFalse();
  }

  @Test
  void section_6_a_client_that_could_bind_may_do_without_where_it_is_not_offered() {
    accountWithPassword("alice", "correct horse");
    ScramClient client = client("y,,", new byte[0]);

    assertThat(logIn(ScramHash.SHA_256, client)).isInstanceOf(Step.Success.class);
  }

  @Test
  void a_header_that_was_changed_on_the_way_does_not_fit_the_binding() {
    accountWithPassword("alice", "correct horse");
    ScramClient client = client("y,,", new byte[0]);
    Step.Challenge challenge =
        challenged(scram(ScramHash.SHA_256), "n,," + client.first().substring(3));

    assertThat(refused(say(challenge.next(), client.last(challenge.data()))))
        .isEqualTo(SaslCondition.NOT_AUTHORIZED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"n,a=alice,", "n,a=alice@example.org,"})
  void users_may_say_that_they_act_for_themselves(String header) {
    accountWithPassword("alice", "correct horse");

    assertThat(logIn(ScramHash.SHA_256, client(header, new byte[0])))
        .isInstanceOf(Step.Success.class);
  }

  @Test
  void nobody_acts_for_another() {
    accountWithPassword("alice", "correct horse");
    accountWithPassword("bob", "battery staple");

    assertThat(refused(logIn(ScramHash.SHA_256, client("n,a=bob,", new byte[0]))))
        .isEqualTo(SaslCondition.INVALID_AUTHZID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n",
        "n,,",
        "n,,n=alice",
        "n,,n=,r=x",
        "n,,n=alice,r=",
        "n,,r=x,n=alice",
        "n,,n=al=ice,r=x",
        "n,,n=alice=2c,r=x",
        "n,,n=alice,r=x y",
        "n,,n=alice,r=\u00E9",
        "n,,m=ext,n=alice,r=x",
        "n,,n=alice,r=x,m=ext",
        "n,,n=alice,r=x,1=2",
        "n,,n=alice,r=x,a",
        "n,b=alice,n=alice,r=x",
        "n,a=,n=alice,r=x",
        "x,,n=alice,r=x",
        "p=,,n=alice,r=x",
        "p=t u,,n=alice,r=x",
        "n,,n=al\0ice,r=x"
      })
  void what_is_no_first_message_is_malformed(String message) {
    assertThat(refused(say(scram(ScramHash.SHA_256), message)))
        .isEqualTo(SaslCondition.MALFORMED_REQUEST);
  }

  @Test
  void what_is_not_utf_8_or_has_a_nonce_beyond_reason_is_malformed() {
    assertThat(refused(say(scram(ScramHash.SHA_256), new byte[] {'n', ',', ',', (byte) 0xff})))
        .isEqualTo(SaslCondition.MALFORMED_REQUEST);
    assertThat(refused(say(scram(ScramHash.SHA_256), "n,,n=alice,r=" + "x".repeat(1025))))
        .isEqualTo(SaslCondition.MALFORMED_REQUEST);
  }

  @Test
  void section_5_1_optional_extensions_are_passed_over_and_proven() {
    accountWithPassword("alice", "correct horse");

    assertThat(challenged(scram(ScramHash.SHA_256), "n,,n=alice,r=x,f=oo,g=bar").data())
        .startsWith("r=xserver,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c=biws",
        "c=biws,r=nonceserver",
        "r=nonceserver,c=biws,p=AAAA",
        "c=biws,r=nonceserver,p=",
        "c=biws,r=nonceserver,p=!!!!",
        "c=biws,r=nonceserver,p=AAA",
        "c=biw,r=nonceserver,p=AAAA",
        "c=biws,r=nonceserver,p=AAAA,x=1"
      })
  void what_is_no_last_message_never_logs_in(String message) {
    accountWithPassword("alice", "correct horse");
    Step.Challenge challenge = challenged(scram(ScramHash.SHA_256), "n,,n=alice,r=nonce");

    assertThat(say(challenge.next(), message)).isInstanceOf(Step.Refused.class);
  }

  @Test
  void a_proof_of_another_length_proves_nothing() {
    accountWithPassword("alice", "correct horse");
    for (String proof : List.of("AAAA", "A".repeat(44), "A".repeat(88))) {
      Step.Challenge challenge = challenged(scram(ScramHash.SHA_256), "n,,n=alice,r=nonce");
      assertThat(say(challenge.next(), "c=biws,r=nonceserver,p=" + proof))
          .isInstanceOf(Step.Refused.class);
    }
  }

  /** Keys that no password gives must not be met by a proof of nothing. */
  @Test
  void who_does_not_exist_cannot_be_guessed_by_a_proof_of_zeros() {
    Step.Challenge challenge = challenged(scram(ScramHash.SHA_256), "n,,n=ghost,r=nonce");
    String bare = "n=ghost,r=nonce," + challenge.data() + ",c=biws,r=nonceserver";
    byte[] signature = ScramHash.SHA_256.hmac(new byte[32], bare.getBytes(StandardCharsets.UTF_8));
    String proof = java.util.Base64.getEncoder().encodeToString(signature);

    assertThat(refused(say(challenge.next(), "c=biws,r=nonceserver,p=" + proof)))
        .isEqualTo(SaslCondition.NOT_AUTHORIZED);
  }
}
