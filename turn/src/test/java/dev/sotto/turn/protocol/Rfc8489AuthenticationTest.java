package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.auth.TimeLimitedCredentials;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.IntegrityAlgorithm;
import dev.sotto.turn.stun.MessageIntegrity;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.testkit.Message;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 8489 section 9.2: long-term credentials")
class Rfc8489AuthenticationTest {
  private final World world = new World();
  private final TurnClient alice = world.client(4000);

  @Test
  void section_9_2_4_a_request_without_integrity_is_challenged_with_realm_and_nonce() {
    Message challenge = alice.greet();

    assertThat(challenge.errorCode()).isEqualTo(401);
    assertThat(challenge.text(AttributeType.REALM)).isEqualTo(World.REALM);
    assertThat(challenge.bytes(AttributeType.NONCE)).isNotEmpty();
    assertThat(challenge.has(AttributeType.MESSAGE_INTEGRITY)).isFalse();
    assertThat(world.allocations()).isZero();
  }

  @ParameterizedTest
  @EnumSource(IntegrityAlgorithm.class)
  void section_9_2_5_the_answer_is_protected_as_the_request_was(IntegrityAlgorithm algorithm) {
    alice.with(algorithm).greet();
    Message answer = alice.allocate(UnaryOperator.identity());

    assertThat(answer.isSuccess()).isTrue();
    assertThat(answer.isProtectedBy(algorithm, alice.key())).isTrue();
  }

  @Test
  void section_9_2_4_a_wrong_password_is_challenged_again() {
    alice.greet();
    assertThat(alice.as("alice", "guess").allocate(UnaryOperator.identity()).errorCode())
        .isEqualTo(401);
    assertThat(alice.as("mallory", "wonderland").allocate(UnaryOperator.identity()).errorCode())
        .isEqualTo(401);
    assertThat(world.allocations()).isZero();
  }

  @Test
  void section_9_2_4_a_key_of_another_realm_is_challenged_again() {
    byte[] nonce = alice.greet().bytes(AttributeType.NONCE);
    alice.withNonce("another realm", nonce);
    Message answer = alice.allocate(UnaryOperator.identity());
    assertThat(answer.errorCode()).isEqualTo(401);
    assertThat(answer.text(AttributeType.REALM)).isEqualTo(World.REALM);
  }

  @Test
  void section_9_2_4_a_request_that_lacks_username_realm_or_nonce_is_bad() {
    alice.greet();
    byte[] key = alice.key();
    Message answer =
        alice.ask(
            alice.plain(
                MessageType.ALLOCATE_REQUEST,
                it ->
                    it.text(AttributeType.USERNAME, "alice")
                        .integrity(new MessageIntegrity(), IntegrityAlgorithm.HMAC_SHA1, key)));

    assertThat(answer.errorCode()).isEqualTo(400);
  }

  @Test
  void section_9_2_4_a_nonce_past_its_lifetime_is_stale_and_its_successor_works() {
    alice.greet();
    world.passSecondsUnnoticed(3600);
    Message stale = alice.allocate(UnaryOperator.identity());

    assertThat(stale.errorCode()).isEqualTo(438);
    assertThat(stale.has(AttributeType.NONCE)).isTrue();
    assertThat(stale.has(AttributeType.REALM)).isTrue();
    alice.allocate();
    assertThat(world.allocations()).isOne();
  }

  @Test
  void section_9_2_4_a_nonce_is_good_until_its_last_second() {
    alice.greet();
    world.passSecondsUnnoticed(3599);
    assertThat(alice.allocate(UnaryOperator.identity()).isSuccess()).isTrue();
  }

  @Test
  void section_9_2_a_nonce_is_worth_nothing_from_another_address_or_port() {
    TurnClient thief = world.client("192.0.2.66", 4000);
    TurnClient neighbour = world.client(4001);
    byte[] nonce = alice.greet().bytes(AttributeType.NONCE);

    assertThat(thief.withNonce(World.REALM, nonce).allocate(UnaryOperator.identity()).errorCode())
        .isEqualTo(438);
    assertThat(
            neighbour.withNonce(World.REALM, nonce).allocate(UnaryOperator.identity()).errorCode())
        .isEqualTo(438);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAA", "no base64 at all!", "AAAA"})
  void section_9_2_a_nonce_that_the_server_did_not_make_is_stale(String nonce) {
    alice.withNonce(World.REALM, nonce.getBytes(StandardCharsets.UTF_8));
    assertThat(alice.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(438);
  }

  @Test
  void section_9_2_4_a_bad_nonce_with_a_wrong_password_is_401_not_438() {
    alice.withNonce(World.REALM, new byte[8]).as("alice", "guess");
    assertThat(alice.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(401);
  }

  @Test
  void section_14_5_what_follows_the_integrity_is_ignored() {
    alice.greet();
    byte[] request =
        alice.authenticated(
            MessageType.ALLOCATE_REQUEST,
            it -> it.unsignedInt(AttributeType.REQUESTED_TRANSPORT, TurnClient.UDP));
    byte[] extended = Arrays.copyOf(request, request.length + 8);
    extended[request.length + 1] =
        0x7F; // an unknown comprehension-required attribute, 0x007F, of 4 bytes
    extended[request.length + 3] = 4;
    extended[2] = (byte) ((extended.length - 20) >>> 8);
    extended[3] = (byte) (extended.length - 20);

    assertThat(alice.ask(extended).isSuccess()).isTrue();
  }

  @Test
  void section_6_3_1_unknown_comprehension_required_attributes_are_listed_in_a_420() {
    alice.greet();
    Message answer = alice.allocate(it -> it.flag(0x7FFE).flag(0x7FFD).flag(0xFFFE));

    assertThat(answer.errorCode()).isEqualTo(420);
    assertThat(answer.bytes(AttributeType.UNKNOWN_ATTRIBUTES))
        .containsExactly(0x7F, 0xFE, 0x7F, 0xFD);
    assertThat(answer.isProtectedBy(IntegrityAlgorithm.HMAC_SHA1, alice.key())).isTrue();
  }

  @Test
  void section_6_3_1_a_binding_with_an_unknown_required_attribute_is_refused_with_420() {
    Message answer = alice.ask(alice.plain(MessageType.BINDING_REQUEST, it -> it.flag(0x0003)));
    assertThat(answer.errorCode()).isEqualTo(420);
    assertThat(answer.bytes(AttributeType.UNKNOWN_ATTRIBUTES)).containsExactly(0, 3);
  }

  @Test
  void section_6_3_unknown_methods_responses_and_foreign_indications_meet_silence() {
    alice.send(alice.plain(0x0002, UnaryOperator.identity()));
    alice.send(
        alice.plain(MessageType.successOf(MessageType.BINDING_REQUEST), UnaryOperator.identity()));
    alice.send(
        alice.plain(MessageType.errorOf(MessageType.ALLOCATE_REQUEST), UnaryOperator.identity()));
    alice.send(alice.plain(MessageType.DATA_INDICATION, UnaryOperator.identity()));
    alice.send(alice.plain(0x0011, UnaryOperator.identity()));

    alice.expectSilenceBefore();
    assertThat(world.dropped(DropReason.UNKNOWN_METHOD)).isOne();
    assertThat(world.dropped(DropReason.UNEXPECTED_CLASS)).isEqualTo(4);
  }

  @Test
  void section_6_3_messages_without_the_magic_cookie_meet_silence() {
    byte[] classic = alice.plain(MessageType.BINDING_REQUEST, UnaryOperator.identity());
    classic[4] ^= 1;
    alice.send(classic);
    alice.send(new byte[0]);
    alice.send(new byte[] {0, 1});
    alice.send("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    alice.expectSilenceBefore();
    assertThat(world.dropped(DropReason.MALFORMED)).isGreaterThanOrEqualTo(3);
  }

  @Test
  void section_7_3_a_wrong_fingerprint_meets_silence_and_a_right_one_is_answered_with_one() {
    byte[] request = alice.plain(MessageType.BINDING_REQUEST, it -> it.fingerprint());
    Message answer = alice.ask(request);
    assertThat(answer.has(AttributeType.FINGERPRINT)).isTrue();

    byte[] broken = request.clone();
    broken[broken.length - 1] ^= 1;
    alice.send(broken);
    alice.expectSilenceBefore();
    assertThat(world.dropped(DropReason.FINGERPRINT_MISMATCH)).isOne();
  }

  @Test
  void time_limited_credentials_work_with_any_of_the_secrets() {
    String username = (world.clock.epochSeconds() + 60) + ":carol";
    alice.as(username, TimeLimitedCredentials.passwordFor(World.SECRET, username)).allocate();
    world
        .client(4001)
        .as(username, TimeLimitedCredentials.passwordFor("the secret before", username))
        .allocate();
    assertThat(world.allocations()).isEqualTo(2);
  }

  @Test
  void time_limited_credentials_do_not_work_with_another_secret() {
    String username = (world.clock.epochSeconds() + 60) + ":carol";
    alice.greet();
    alice.as(username, TimeLimitedCredentials.passwordFor("guess", username));
    assertThat(alice.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(401);
  }

  @Test
  void time_limited_credentials_end_with_their_last_second_for_allocate_and_for_refresh() {
    String username = (world.clock.epochSeconds() + 60) + ":carol";
    alice.as(username, TimeLimitedCredentials.passwordFor(World.SECRET, username)).allocate();
    world.passSecondsUnnoticed(59);
    assertThat(alice.refresh(600).isSuccess()).isTrue();
    world.passSecondsUnnoticed(1);
    assertThat(alice.refresh(600).errorCode()).isEqualTo(401);
  }

  @Test
  void renewed_time_limited_credentials_of_the_same_user_go_on_with_the_allocation() {
    String username = (world.clock.epochSeconds() + 60) + ":carol";
    alice.as(username, TimeLimitedCredentials.passwordFor(World.SECRET, username)).allocate();
    String renewed = (world.clock.epochSeconds() + 6000) + ":carol";
    alice.as(renewed, TimeLimitedCredentials.passwordFor(World.SECRET, renewed));
    assertThat(alice.refresh(600).isSuccess()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":carol", "carol", "-1:carol", "+9999999999:carol", " 9999999999:carol",
            "99999999999999999999:carol",
        "18446744073709551617:carol", "9999999999", "0:carol", "1e10:carol", "٩٩٩٩٩٩٩٩٩٩:carol", ""
      })
  void time_limited_usernames_without_a_sane_expiry_are_unknown(String username) {
    alice.greet();
    alice.as(
        username,
        TimeLimitedCredentials.passwordFor(World.SECRET, username.isEmpty() ? "x" : username));
    assertThat(alice.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(401);
  }
}
