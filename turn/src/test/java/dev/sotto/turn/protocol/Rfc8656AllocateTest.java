package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.IntegrityAlgorithm;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.stun.StunWriter;
import dev.sotto.turn.testkit.Message;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("RFC 8656 sections 7 and 8: allocations")
class Rfc8656AllocateTest {
  private static final long IPV4 = 1L << 24;
  private static final long IPV6 = 2L << 24;

  private final World world = new World();
  private final TurnClient alice = world.client(4000);

  @Test
  void section_7_2_an_allocation_has_a_relayed_address_a_mapped_address_and_a_lifetime() {
    alice.greet();
    Message answer = alice.allocate(UnaryOperator.identity());

    InetSocketAddress relayed = answer.address(AttributeType.XOR_RELAYED_ADDRESS);
    assertThat(relayed.getAddress()).isEqualTo(World.RELAY_IPV4);
    assertThat(relayed.getPort()).isBetween(50_000, 50_099);
    assertThat(answer.address(AttributeType.XOR_MAPPED_ADDRESS)).isEqualTo(alice.address());
    assertThat(answer.unsignedInt(AttributeType.LIFETIME)).isEqualTo(600);
    assertThat(world.relayed(relayed)).isNotNull();
  }

  @Test
  void section_7_2_a_retransmitted_request_gets_the_same_answer_and_no_second_allocation() {
    alice.greet();
    byte[] request =
        alice.authenticated(
            MessageType.ALLOCATE_REQUEST,
            it -> it.unsignedInt(AttributeType.REQUESTED_TRANSPORT, TurnClient.UDP));
    Message first = alice.ask(request);
    Message second = alice.ask(request);

    assertThat(second.address(AttributeType.XOR_RELAYED_ADDRESS))
        .isEqualTo(first.address(AttributeType.XOR_RELAYED_ADDRESS));
    assertThat(world.relayedSockets()).isOne();
    assertThat(world.shared.quotas().current()).isOne();
  }

  @Test
  void section_7_2_another_request_on_a_used_five_tuple_is_a_mismatch() {
    alice.allocate();
    Message answer = alice.allocate(UnaryOperator.identity());

    assertThat(answer.errorCode()).isEqualTo(437);
    assertThat(answer.isProtectedBy(IntegrityAlgorithm.HMAC_SHA1, alice.key())).isTrue();
  }

  @Test
  void section_7_2_a_request_needs_a_transport_and_it_is_udp() {
    alice.greet();
    assertThat(alice.request(MessageType.ALLOCATE_REQUEST, UnaryOperator.identity()).errorCode())
        .isEqualTo(400);
    assertThat(
            alice
                .request(
                    MessageType.ALLOCATE_REQUEST,
                    it -> it.bytes(AttributeType.REQUESTED_TRANSPORT, new byte[2]))
                .errorCode())
        .isEqualTo(400);
    long tcp = 6L << 24;
    assertThat(
            alice
                .request(
                    MessageType.ALLOCATE_REQUEST,
                    it -> it.unsignedInt(AttributeType.REQUESTED_TRANSPORT, tcp))
                .errorCode())
        .isEqualTo(442);
  }

  @ParameterizedTest
  @CsvSource({"0,600", "1,600", "600,600", "700,700", "3600,3600", "3601,3600", "4294967295,3600"})
  void section_7_2_the_lifetime_is_what_was_asked_for_within_default_and_maximum(
      long asked, long granted) {
    alice.greet();
    Message answer = alice.allocate(it -> it.unsignedInt(AttributeType.LIFETIME, asked));
    assertThat(answer.unsignedInt(AttributeType.LIFETIME)).isEqualTo(granted);
  }

  @Test
  void section_7_2_a_requested_family_is_given_and_an_unknown_one_refused() {
    alice.greet();
    Message ipv6 =
        alice.allocate(it -> it.unsignedInt(AttributeType.REQUESTED_ADDRESS_FAMILY, IPV6));
    assertThat(ipv6.address(AttributeType.XOR_RELAYED_ADDRESS).getAddress())
        .isEqualTo(World.RELAY_IPV6);

    TurnClient other = world.client(4001);
    other.greet();
    assertThat(
            other
                .allocate(it -> it.unsignedInt(AttributeType.REQUESTED_ADDRESS_FAMILY, 3L << 24))
                .errorCode())
        .isEqualTo(440);
  }

  @Test
  void section_7_2_a_family_that_the_server_has_no_address_of_is_refused() {
    TurnClient client = new World(new World.Options().withoutIpv6()).client(4000);
    client.greet();
    assertThat(
            client
                .allocate(it -> it.unsignedInt(AttributeType.REQUESTED_ADDRESS_FAMILY, IPV6))
                .errorCode())
        .isEqualTo(440);
  }

  @Test
  void section_7_2_an_additional_family_gives_an_address_of_each() {
    alice.greet();
    Message answer =
        alice.allocate(it -> it.unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6));
    assertThat(answer.addresses(AttributeType.XOR_RELAYED_ADDRESS))
        .extracting(InetSocketAddress::getAddress)
        .containsExactly(World.RELAY_IPV4, World.RELAY_IPV6);
    assertThat(world.shared.quotas().current()).isOne();
  }

  @Test
  void section_7_2_an_additional_family_that_cannot_be_given_is_explained() {
    TurnClient client = new World(new World.Options().withoutIpv6()).client(4000);
    client.greet();
    Message answer =
        client.allocate(it -> it.unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6));
    assertThat(answer.addresses(AttributeType.XOR_RELAYED_ADDRESS)).hasSize(1);
    assertThat(answer.bytes(AttributeType.ADDRESS_ERROR_CODE)).startsWith(2, 0, 4, 40);
  }

  @Test
  void section_7_2_a_retransmitted_request_is_told_again_which_family_is_missing() {
    TurnClient client = new World(new World.Options().withoutIpv6()).client(4000);
    client.greet();
    byte[] request =
        client.authenticated(
            MessageType.ALLOCATE_REQUEST,
            it ->
                it.unsignedInt(AttributeType.REQUESTED_TRANSPORT, TurnClient.UDP)
                    .unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6));
    Message first = client.ask(request);
    Message again = client.ask(request);

    assertThat(again.bytes(AttributeType.ADDRESS_ERROR_CODE))
        .isEqualTo(first.bytes(AttributeType.ADDRESS_ERROR_CODE));
    assertThat(again.sizeBytes()).isEqualTo(first.sizeBytes());
  }

  @Test
  void section_7_2_contradictory_families_are_bad_requests() {
    alice.greet();
    assertThat(
            alice
                .allocate(it ->
                    it.unsignedInt(AttributeType.REQUESTED_ADDRESS_FAMILY, IPV4)
                        .unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6))
                .errorCode())
        .isEqualTo(400);
    assertThat(
            alice
                .allocate(it -> it.unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV4))
                .errorCode())
        .isEqualTo(400);
    assertThat(
            alice
                .allocate(it ->
                    it.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80})
                        .unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6))
                .errorCode())
        .isEqualTo(400);
  }

  @Test
  void section_7_2_an_even_port_is_even_and_the_next_one_waits_for_the_holder_of_the_token() {
    alice.greet();
    Message first =
        alice.allocate(it -> it.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}));
    byte[] token = first.bytes(AttributeType.RESERVATION_TOKEN);
    int evenPort = first.address(AttributeType.XOR_RELAYED_ADDRESS).getPort();

    assertThat(evenPort % 2).isZero();
    assertThat(world.ports.claimedCount()).isEqualTo(2);
    TurnClient second = world.client(4001);
    second.greet();
    Message redeemed = second.allocate(it -> it.bytes(AttributeType.RESERVATION_TOKEN, token));
    assertThat(redeemed.address(AttributeType.XOR_RELAYED_ADDRESS).getPort())
        .isEqualTo(evenPort + 1);
    TurnClient third = world.client(4002);
    third.greet();
    assertThat(third.allocate(it -> it.bytes(AttributeType.RESERVATION_TOKEN, token)).errorCode())
        .isEqualTo(508);
  }

  @Test
  void section_7_2_an_even_port_without_reservation_keeps_no_port() {
    alice.greet();
    Message answer = alice.allocate(it -> it.bytes(AttributeType.EVEN_PORT, new byte[] {0}));
    assertThat(answer.address(AttributeType.XOR_RELAYED_ADDRESS).getPort() % 2).isZero();
    assertThat(answer.has(AttributeType.RESERVATION_TOKEN)).isFalse();
    assertThat(world.ports.claimedCount()).isOne();
  }

  @Test
  void section_7_2_a_reservation_that_is_not_redeemed_in_30_seconds_is_given_back() {
    alice.greet();
    byte[] token =
        alice
            .allocate(it -> it.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}))
            .bytes(AttributeType.RESERVATION_TOKEN);
    world.passSeconds(30);

    assertThat(world.ports.claimedCount()).isOne();
    assertThat(world.shared.quotas().current()).isOne();
    TurnClient late = world.client(4001);
    late.greet();
    assertThat(late.allocate(it -> it.bytes(AttributeType.RESERVATION_TOKEN, token)).errorCode())
        .isEqualTo(508);
  }

  @Test
  void section_7_2_a_token_works_for_the_user_it_was_given_to_only() {
    alice.greet();
    byte[] token =
        alice
            .allocate(it -> it.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}))
            .bytes(AttributeType.RESERVATION_TOKEN);
    TurnClient bob = world.client(4001).as("bob", "builder");
    bob.greet();
    assertThat(bob.allocate(it -> it.bytes(AttributeType.RESERVATION_TOKEN, token)).errorCode())
        .isEqualTo(508);
  }

  @Test
  void section_7_2_a_token_excludes_even_port_and_families() {
    alice.greet();
    for (UnaryOperator<StunWriter> other :
        List.<UnaryOperator<StunWriter>>of(
            it -> it.bytes(AttributeType.EVEN_PORT, new byte[] {0}),
            it -> it.unsignedInt(AttributeType.REQUESTED_ADDRESS_FAMILY, IPV4),
            it -> it.unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6))) {
      Message answer =
          alice.allocate(it -> other.apply(it.bytes(AttributeType.RESERVATION_TOKEN, new byte[8])));
      assertThat(answer.errorCode()).isEqualTo(400);
    }
  }

  @Test
  void section_7_2_a_user_over_quota_gets_486_and_a_full_server_508() {
    World small = new World(new World.Options().quotas(2, 3));
    small.client(4000).allocate();
    small.client(4001).allocate();
    TurnClient third = small.client(4002);
    third.greet();
    assertThat(third.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(486);

    small.client(4003).as("bob", "builder").allocate();
    TurnClient fifth = small.client(4004).as("bob", "builder");
    fifth.greet();
    assertThat(fifth.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(508);
    assertThat(small.shared.quotas().current()).isEqualTo(3);
  }

  @Test
  void section_7_2_when_no_port_is_left_the_answer_is_508_and_a_freed_port_is_used_again() {
    World small = new World(new World.Options().ports(2));
    TurnClient first = small.client(4000);
    first.allocate();
    small.client(4001).allocate();
    TurnClient third = small.client(4002);
    third.greet();
    assertThat(third.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(508);

    first.refresh(0);
    assertThat(third.allocate(UnaryOperator.identity()).isSuccess()).isTrue();
  }

  @Test
  void section_7_2_ports_that_other_programs_hold_are_passed_over_and_given_back() {
    for (int port = 50_000; port < 50_100; port++) {
      if (port != 50_042) {
        world.portsTakenByOthers.add(port);
      }
    }
    for (int attempt = 0; attempt < 4; attempt++) {
      TurnClient client = world.client(4100 + attempt);
      client.greet();
      Message answer = client.allocate(UnaryOperator.identity());
      if (answer.isSuccess()) {
        assertThat(answer.address(AttributeType.XOR_RELAYED_ADDRESS).getPort()).isEqualTo(50_042);
      }
    }
    assertThat(world.ports.claimedCount()).isEqualTo(world.allocations());
    assertThat(world.shared.quotas().current()).isEqualTo(world.allocations());
  }

  @Test
  void section_8_2_a_refresh_renews_the_lifetime() {
    alice.allocate();
    world.passSeconds(599);
    assertThat(alice.refresh(900).unsignedInt(AttributeType.LIFETIME)).isEqualTo(900);
    world.passSeconds(899);
    assertThat(world.allocations()).isOne();
    world.passSeconds(1);
    assertThat(world.allocations()).isZero();
  }

  @Test
  void section_8_2_a_refresh_with_lifetime_zero_ends_the_allocation_and_frees_everything() {
    InetSocketAddress relayed = alice.allocate();
    assertThat(alice.refresh(0).unsignedInt(AttributeType.LIFETIME)).isZero();

    assertThat(world.allocations()).isZero();
    assertThat(world.relayedSockets()).isZero();
    assertThat(world.ports.claimedCount()).isZero();
    assertThat(world.shared.quotas().current()).isZero();
    assertThat(world.shared.quotas().owners()).isZero();
    assertThat(world.hostPorts.isOpen(relayed)).isFalse();
    assertThat(alice.refresh(600).errorCode()).isEqualTo(437);
  }

  @Test
  void section_8_2_one_family_of_a_dual_allocation_can_be_deleted() {
    alice.greet();
    alice.allocate(it -> it.unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6));
    Message answer =
        alice.request(
            MessageType.REFRESH_REQUEST,
            it ->
                it.unsignedInt(AttributeType.LIFETIME, 0)
                    .unsignedInt(AttributeType.REQUESTED_ADDRESS_FAMILY, IPV4));
    assertThat(answer.isSuccess()).isTrue();
    assertThat(world.relayedSockets()).isOne();
    assertThat(world.allocations()).isOne();
  }

  @Test
  void section_8_2_a_refresh_of_a_family_that_the_allocation_lacks_is_a_mismatch() {
    alice.allocate();
    Message answer =
        alice.request(
            MessageType.REFRESH_REQUEST,
            it -> it.unsignedInt(AttributeType.REQUESTED_ADDRESS_FAMILY, IPV6));
    assertThat(answer.errorCode()).isEqualTo(443);
  }

  @Test
  void section_8_2_a_malformed_lifetime_is_a_bad_request() {
    alice.allocate();
    Message answer =
        alice.request(
            MessageType.REFRESH_REQUEST, it -> it.bytes(AttributeType.LIFETIME, new byte[8]));
    assertThat(answer.errorCode()).isEqualTo(400);
  }

  @Test
  void section_5_another_users_credentials_do_not_touch_the_allocation() {
    alice.allocate();
    alice.as("bob", "builder");
    assertThat(alice.refresh(0).errorCode()).isEqualTo(441);
    assertThat(alice.permit(new InetSocketAddress("8.8.8.8", 1)).errorCode()).isEqualTo(441);
    assertThat(world.allocations()).isOne();
  }

  @Test
  void section_8_an_allocation_past_its_time_is_gone_even_before_the_sweep_comes_by() {
    alice.allocate();
    world.passSecondsUnnoticed(600);
    assertThat(alice.refresh(600).errorCode()).isEqualTo(437);
    assertThat(world.ports.claimedCount()).isZero();
  }

  @Test
  void a_draining_server_takes_no_new_allocation_and_serves_those_it_has() {
    alice.allocate();
    world.shared.drain().begin();
    TurnClient late = world.client(4001);
    late.greet();
    assertThat(late.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(508);
    assertThat(alice.refresh(600).isSuccess()).isTrue();
  }

  @Test
  void rfc_8489_section_10_a_draining_server_names_another_of_the_clients_family() {
    InetSocketAddress other = new InetSocketAddress("198.51.100.2", 3478);
    World draining = new World(new World.Options().alternate(other));
    draining.shared.drain().begin();
    TurnClient client = draining.client(4000);
    client.greet();
    Message answer = client.allocate(UnaryOperator.identity());
    assertThat(answer.errorCode()).isEqualTo(300);
    assertThat(answer.bytes(AttributeType.ALTERNATE_SERVER))
        .containsExactly(0, 1, 13, 150, 198, 51, 100, 2);
    assertThat(answer.isProtectedBy(IntegrityAlgorithm.HMAC_SHA1, client.key())).isTrue();

    TurnClient over6 = draining.client("2a00::7", 4000);
    over6.greet();
    assertThat(over6.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(508);
  }

  @Test
  void ports_and_quotas_are_back_at_zero_after_a_thousand_allocations_of_every_kind() {
    for (int i = 0; i < 1000; i++) {
      int kind = i % 4;
      TurnClient client = world.client(10_000 + i);
      client.greet();
      client.allocate(it ->
          switch (kind) {
            case 0 -> it;
            case 1 -> it.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80});
            case 2 -> it.unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6);
            default -> it.bytes(AttributeType.EVEN_PORT, new byte[] {0});
          });
      if (i % 3 == 0) {
        client.refresh(0);
      }
      world.passSeconds(60);
    }
    world.passSeconds(600);

    assertThat(world.ports.claimedCount()).isZero();
    assertThat(world.shared.quotas().current()).isZero();
    assertThat(world.shared.reservations().size()).isZero();
    assertThat(world.relayedSockets()).isZero();
  }
}
