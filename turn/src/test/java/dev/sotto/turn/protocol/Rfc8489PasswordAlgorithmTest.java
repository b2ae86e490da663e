package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.auth.LongTermKey;
import dev.sotto.turn.auth.PasswordAlgorithm;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.IntegrityAlgorithm;
import dev.sotto.turn.stun.MessageIntegrity;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.stun.StunWriter;
import dev.sotto.turn.testkit.Message;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8489 section 9.2: password algorithms, nonce cookie and username anonymity")
class Rfc8489PasswordAlgorithmTest {
  private static final byte[] SHA256 = {0, 2, 0, 0};
  private static final byte[] MD5 = {0, 1, 0, 0};

  private final World world = new World();
  private final TurnClient alice = world.client(4000);
  private Message challenge;

  @BeforeEach
  void greet() {
    challenge = alice.greet();
  }

  @Test
  void section_9_2_4_a_challenge_offers_sha_256_before_md5_and_its_nonce_says_so() {
    assertThat(challenge.bytes(AttributeType.PASSWORD_ALGORITHMS))
        .containsExactly(0, 2, 0, 0, 0, 1, 0, 0);
    String nonce = challenge.text(AttributeType.NONCE);
    assertThat(nonce).startsWith("obMatJos2");
    byte[] features = Base64.getDecoder().decode(nonce.substring(9, 13));
    assertThat(features).containsExactly(0xC0, 0x00, 0x03);
  }

  @Test
  void section_18_5_a_key_made_with_sha_256_is_accepted_and_protects_the_answer() {
    LongTermKey key = LongTermKey.of(PasswordAlgorithm.SHA256, "alice", World.REALM, "wonderland");
    Message answer = ask(key, named(offered(SHA256)));

    assertThat(answer.isSuccess()).isTrue();
    assertThat(answer.isProtectedBy(IntegrityAlgorithm.HMAC_SHA256, key.bytes())).isTrue();
  }

  @Test
  void section_9_2_4_a_key_made_with_another_algorithm_than_was_named_is_refused() {
    LongTermKey md5 = LongTermKey.of(PasswordAlgorithm.MD5, "alice", World.REALM, "wonderland");
    assertThat(ask(md5, named(offered(SHA256))).errorCode()).isEqualTo(401);
    assertThat(ask(md5, named(offered(MD5))).isSuccess()).isTrue();
  }

  @Test
  void section_9_2_4_algorithm_and_algorithms_come_together_or_not_at_all() {
    LongTermKey key = LongTermKey.of(PasswordAlgorithm.SHA256, "alice", World.REALM, "wonderland");
    assertThat(
            ask(key, named(it -> it.bytes(AttributeType.PASSWORD_ALGORITHM, SHA256))).errorCode())
        .isEqualTo(400);
    assertThat(
            ask(
                    key,
                    named(it ->
                        it.bytes(AttributeType.PASSWORD_ALGORITHMS, PasswordAlgorithm.offer())))
                .errorCode())
        .isEqualTo(400);
  }

  @Test
  void section_9_2_1_an_offer_that_was_bid_down_on_its_way_is_found_out() {
    LongTermKey key = LongTermKey.of(PasswordAlgorithm.MD5, "alice", World.REALM, "wonderland");
    UnaryOperator<StunWriter> onlyMd5 =
        it ->
            it.bytes(AttributeType.PASSWORD_ALGORITHM, MD5)
                .bytes(AttributeType.PASSWORD_ALGORITHMS, MD5);
    assertThat(ask(key, named(onlyMd5)).errorCode()).isEqualTo(400);
  }

  @Test
  void section_9_2_1_a_nonce_whose_features_were_taken_out_is_stale() {
    String nonce = challenge.text(AttributeType.NONCE);
    String weakened = "obMatJos2AAAA" + nonce.substring(13);
    alice.withNonce(World.REALM, weakened.getBytes(StandardCharsets.US_ASCII));
    assertThat(alice.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(438);
    alice.withNonce(World.REALM, nonce.substring(13).getBytes(StandardCharsets.US_ASCII));
    assertThat(alice.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(438);
  }

  @Test
  void section_9_2_4_an_algorithm_that_was_not_offered_is_bad() {
    LongTermKey key = LongTermKey.of(PasswordAlgorithm.SHA256, "alice", World.REALM, "wonderland");
    assertThat(ask(key, named(offered(new byte[] {0, 3, 0, 0}))).errorCode()).isEqualTo(400);
    assertThat(ask(key, named(offered(new byte[] {0, 2}))).errorCode()).isEqualTo(400);
  }

  @Test
  void section_14_4_a_user_may_be_named_by_hash_and_an_unknown_hash_is_refused() {
    LongTermKey key = LongTermKey.of(PasswordAlgorithm.SHA256, "alice", World.REALM, "wonderland");
    byte[] hash = LongTermKey.userHash("alice", World.REALM);
    UnaryOperator<StunWriter> offered = offered(SHA256);
    assertThat(
            ask(key, it -> offered.apply(it.bytes(AttributeType.USERHASH, new byte[32])))
                .errorCode())
        .isEqualTo(401);
    assertThat(ask(key, it -> offered.apply(it.bytes(AttributeType.USERHASH, hash))).isSuccess())
        .isTrue();
    assertThat(alice.refresh(600).isSuccess()).isTrue();
  }

  private static UnaryOperator<StunWriter> offered(byte[] choice) {
    return it ->
        it.bytes(AttributeType.PASSWORD_ALGORITHM, choice)
            .bytes(AttributeType.PASSWORD_ALGORITHMS, PasswordAlgorithm.offer());
  }

  private static UnaryOperator<StunWriter> named(UnaryOperator<StunWriter> algorithms) {
    return it -> algorithms.apply(it.text(AttributeType.USERNAME, "alice"));
  }

  private Message ask(LongTermKey key, UnaryOperator<StunWriter> credentials) {
    return alice.ask(
        alice.plain(
            MessageType.ALLOCATE_REQUEST,
            it ->
                credentials
                    .apply(it.unsignedInt(AttributeType.REQUESTED_TRANSPORT, TurnClient.UDP))
                    .text(AttributeType.REALM, World.REALM)
                    .bytes(AttributeType.NONCE, challenge.bytes(AttributeType.NONCE))
                    .integrity(
                        new MessageIntegrity(), IntegrityAlgorithm.HMAC_SHA256, key.bytes())));
  }
}
