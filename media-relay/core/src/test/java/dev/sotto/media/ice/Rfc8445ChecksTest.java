package dev.sotto.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.UnknownAttributesAttribute;
import org.ice4j.message.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 8445 section 7.3: checks are answered as a lite agent does")
class Rfc8445ChecksTest {
  private final IceWorld world = new IceWorld();
  private final IceCredentials local = world.session.localCredentials();

  @Test
  void section_7_3_a_check_is_answered_with_the_address_that_it_came_from() {
    assertThat(world.check(IceWorld.WIFI)).isEqualTo(CheckResult.ANSWERED);

    assertThat(world.response().getMessageType()).isEqualTo(Message.BINDING_SUCCESS_RESPONSE);
    assertThat(world.response().getTransactionID()).isEqualTo(Check.transaction());
    assertThat(world.mappedAddress()).isEqualTo(IceWorld.WIFI);
  }

  @Test
  void section_7_3_over_ipv6_too() {
    assertThat(world.check(IceWorld.IPV6)).isEqualTo(CheckResult.ANSWERED);

    assertThat(world.mappedAddress()).isEqualTo(IceWorld.IPV6);
  }

  @Test
  void rfc_8489_section_9_1_4_the_response_is_signed_with_the_password_of_the_request() {
    world.check(IceWorld.WIFI);

    byte[] response = world.sent.getLast();
    StunPeek peek = new StunPeek();
    assertThat(peek.wrap(Check.segment(response), 0, response.length)).isTrue();
    assertThat(peek.hasFingerprint()).isTrue();
    assertThat(StunCodec.isIntact(response, peek.integrityOffset(), local.passwordBytes()))
        .isTrue();
  }

  @Test
  void section_7_3_1_3_a_source_that_no_candidate_told_of_becomes_a_valid_address() {
    world.check(IceWorld.WIFI);

    assertThat(world.events).containsExactly("valid 5000");
    assertThat(world.session.selectedAddress()).isEmpty();
    assertThat(world.session.maySend(world.now)).isFalse();
  }

  @Test
  void section_7_3_2_use_candidate_selects_the_address() {
    world.nominate(IceWorld.WIFI);

    assertThat(world.events).containsExactly("valid 5000", "selected 5000");
    assertThat(world.session.selectedAddress()).contains(IceWorld.WIFI);
    assertThat(world.session.maySend(world.now)).isTrue();
  }

  @Test
  void a_nomination_that_is_repeated_is_no_event() {
    world.nominate(IceWorld.WIFI);
    world.events.clear();

    world.nominate(IceWorld.WIFI);

    assertThat(world.events).isEmpty();
  }

  @Test
  void the_newest_nomination_moves_media_to_another_network_in_mid_call() {
    world.nominate(IceWorld.WIFI);
    world.check(IceWorld.MOBILE);
    assertThat(world.session.selectedAddress()).contains(IceWorld.WIFI);

    world.nominate(IceWorld.MOBILE);

    assertThat(world.session.selectedAddress()).contains(IceWorld.MOBILE);
    assertThat(world.events)
        .containsExactly("valid 5000", "selected 5000", "valid 6000", "selected 6000");
  }

  @Test
  void addresses_whose_keys_are_equal_are_told_apart() {
    InetSocketAddress other = IceWorld.address("2001:db8::8", IceWorld.IPV6.getPort());
    assertThat(IceWorld.keyOf(other)).isEqualTo(IceWorld.keyOf(IceWorld.IPV6));

    world.nominate(IceWorld.IPV6);
    world.nominate(other);

    assertThat(world.session.selectedAddress()).contains(other);
    assertThat(world.events).hasSize(4);
  }

  @Test
  void section_7_3_1_1_an_agent_that_takes_the_controlled_role_gets_487_and_the_role_stays() {
    byte[] check =
        new Check()
            .with(Check.USERNAME, (local.ufrag() + ":p").getBytes(StandardCharsets.US_ASCII))
            .with(Check.ICE_CONTROLLED, new byte[8])
            .nominating()
            .integrity(local.password())
            .fingerprint()
            .bytes();

    assertThat(world.receive(check, IceWorld.WIFI)).isEqualTo(CheckResult.ROLE_CONFLICT);

    assertThat(world.errorCode()).isEqualTo(487);
    assertThat(isSigned(world.sent.getLast())).isTrue();
    assertThat(world.events).isEmpty();
    assertThat(world.nominate(IceWorld.WIFI)).isEqualTo(CheckResult.ANSWERED);
  }

  @Test
  void rfc_8489_section_6_3_1_unknown_required_attributes_get_420_with_their_names() {
    byte[] check =
        Check.from(local.ufrag() + ":p")
            .with(0x7ffe, new byte[4])
            .with(0x7ffd)
            .with(0x7ffc)
            .integrity(local.password())
            .fingerprint()
            .bytes();

    assertThat(world.receive(check, IceWorld.WIFI)).isEqualTo(CheckResult.UNKNOWN_ATTRIBUTE);

    assertThat(world.errorCode()).isEqualTo(420);
    UnknownAttributesAttribute unknown =
        (UnknownAttributesAttribute) world.response().getAttribute(Attribute.UNKNOWN_ATTRIBUTES);
    assertThat(unknown.contains((char) 0x7ffe)).isTrue();
    assertThat(unknown.contains((char) 0x7ffd)).isTrue();
    assertThat(unknown.contains((char) 0x7ffc)).isTrue();
    assertThat(isSigned(world.sent.getLast())).isTrue();
    assertThat(world.events).isEmpty();
  }

  @Test
  void rfc_8489_section_9_1_3_a_wrong_password_gets_401_and_changes_nothing() {
    byte[] check =
        Check.from(local.ufrag() + ":peer")
            .nominating()
            .integrity("anotherPasswordOf22Ch.")
            .fingerprint()
            .bytes();

    assertThat(world.receive(check, IceWorld.WIFI)).isEqualTo(CheckResult.WRONG_INTEGRITY);

    assertThat(world.errorCode()).isEqualTo(401);
    assertThat(isSigned(world.sent.getLast())).isFalse();
    assertThat(world.events).isEmpty();
    assertThat(world.session.selectedAddress()).isEmpty();
  }

  @Test
  void rfc_8489_section_9_1_3_a_message_without_credentials_gets_400() {
    byte[] unsigned = Check.from(local.ufrag() + ":peer").fingerprint().bytes();
    byte[] nameless =
        new Check()
            .with(Check.ICE_CONTROLLING, new byte[8])
            .integrity(local.password())
            .fingerprint()
            .bytes();

    assertThat(world.receive(unsigned, IceWorld.WIFI)).isEqualTo(CheckResult.BAD_REQUEST);
    assertThat(world.errorCode()).isEqualTo(400);
    assertThat(world.receive(nameless, IceWorld.WIFI)).isEqualTo(CheckResult.BAD_REQUEST);
    assertThat(world.errorCode()).isEqualTo(400);
  }

  @Test
  void rfc_8489_section_9_1_3_a_fragment_that_no_session_has_gets_401() {
    byte[] check = Check.from("AAAAAAAA:p").integrity(local.password()).fingerprint().bytes();

    assertThat(world.receive(check, IceWorld.WIFI)).isEqualTo(CheckResult.UNKNOWN_USER);

    assertThat(world.errorCode()).isEqualTo(401);
  }

  @Test
  void a_stranger_never_gets_more_bytes_than_it_sent() {
    byte[] smallest = new Check().fingerprint().bytes();

    assertThat(world.receive(smallest, IceWorld.WIFI)).isEqualTo(CheckResult.BAD_REQUEST);

    assertThat(world.sent).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0011, 0x0101, 0x0111, 0x0003, 0x0200})
  void what_is_no_binding_request_is_met_with_silence(int type) {
    byte[] message =
        Check.from(local.ufrag() + ":peer")
            .ofType(type)
            .integrity(local.password())
            .fingerprint()
            .bytes();

    assertThat(world.receive(message, IceWorld.WIFI)).isEqualTo(CheckResult.NOT_A_CHECK);

    assertThat(world.sent).isEmpty();
  }

  @Test
  void rfc_8489_section_7_without_a_right_fingerprint_there_is_silence() {
    byte[] without = Check.from(local.ufrag() + ":peer").integrity(local.password()).bytes();
    byte[] wrong = IceWorld.checkOf(local);
    wrong[wrong.length - 1] ^= 1;

    assertThat(world.receive(without, IceWorld.WIFI)).isEqualTo(CheckResult.NO_FINGERPRINT);
    assertThat(world.receive(wrong, IceWorld.WIFI)).isEqualTo(CheckResult.NO_FINGERPRINT);

    assertThat(world.sent).isEmpty();
    assertThat(world.responder.count(CheckResult.NO_FINGERPRINT)).isEqualTo(2);
  }

  @Test
  void attributes_that_the_library_trips_over_are_met_with_silence() {
    byte[] errorCodeWithoutCode =
        Check.from(local.ufrag() + ":peer")
            .with(0x0009)
            .integrity(local.password())
            .fingerprint()
            .bytes();

    assertThat(world.receive(errorCodeWithoutCode, IceWorld.WIFI))
        .isEqualTo(CheckResult.NO_FINGERPRINT);

    assertThat(world.sent).isEmpty();
  }

  @Test
  void a_truncated_message_is_counted_and_met_with_silence() {
    byte[] check = IceWorld.checkOf(local);

    assertThat(world.receive(Arrays.copyOf(check, check.length - 4), IceWorld.WIFI))
        .isEqualTo(CheckResult.MALFORMED);

    assertThat(world.sent).isEmpty();
    assertThat(world.responder.count(CheckResult.MALFORMED)).isEqualTo(1);
  }

  @Test
  void a_closed_session_is_unknown() {
    byte[] check = IceWorld.checkOf(local);
    world.nominate(IceWorld.WIFI);

    world.session.close();

    assertThat(world.receive(check, IceWorld.WIFI)).isEqualTo(CheckResult.UNKNOWN_USER);
    assertThat(world.session.maySend(world.now)).isFalse();
  }

  private boolean isSigned(byte[] response) {
    StunPeek peek = new StunPeek();
    return peek.wrap(Check.segment(response), 0, response.length)
        && peek.hasIntegrity()
        && StunCodec.isIntact(response, peek.integrityOffset(), local.passwordBytes());
  }
}
