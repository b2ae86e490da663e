package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.protocol.TransportCounters.Counter;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.testkit.Message;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import dev.sotto.turn.testkit.World.Relayed;
import dev.sotto.turn.testkit.World.Sent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8656 sections 9 to 12: permissions, Send, Data and channels")
class Rfc8656PeerTest {
  private static final InetSocketAddress PEER = peer("9.9.9.9", 7000);
  private static final InetSocketAddress OTHER_PEER = peer("8.8.4.4", 7000);
  private static final int CHANNEL = 0x4000;

  private final World world = new World();
  private final TurnClient alice = world.client(4000);
  private Relayed relayed;

  @BeforeEach
  void allocate() {
    relayed = world.relayed(alice.allocate());
  }

  @Test
  void section_10_a_permission_lets_data_through_both_ways() {
    assertThat(alice.permit(PEER).isSuccess()).isTrue();

    alice.sendTo(PEER, "to the peer");
    assertThat(relayed.sent).containsExactly(new Sent(PEER, "to the peer"));
    relayed.receive(PEER, "to the client");
    assertThat(alice.expectDataFrom(PEER)).isEqualTo("to the client");
  }

  @Test
  void section_9_a_permission_is_for_an_address_whatever_the_port() {
    alice.permit(PEER);
    relayed.receive(peer("9.9.9.9", 1), "x");
    assertThat(alice.expectDataFrom(peer("9.9.9.9", 1))).isEqualTo("x");
    alice.sendTo(peer("9.9.9.9", 65535), "y");
    assertThat(relayed.sent).containsExactly(new Sent(peer("9.9.9.9", 65535), "y"));
  }

  @Test
  void section_9_without_a_permission_nothing_passes_in_either_direction() {
    alice.permit(OTHER_PEER);
    alice.sendTo(PEER, "out");
    relayed.receive(PEER, "in");

    alice.expectSilenceBefore();
    assertThat(relayed.sent).isEmpty();
    assertThat(world.dropped(DropReason.NO_PERMISSION)).isEqualTo(2);
  }

  @Test
  void section_9_a_permission_lasts_300_seconds_and_can_be_renewed() {
    alice.permit(PEER);
    world.passSeconds(299);
    alice.permit(PEER);
    world.passSeconds(299);
    relayed.receive(PEER, "still");
    assertThat(alice.expectDataFrom(PEER)).isEqualTo("still");

    world.passSecondsUnnoticed(1);
    relayed.receive(PEER, "too late");
    alice.sendTo(PEER, "too late");
    alice.expectSilenceBefore();
    assertThat(relayed.sent).isEmpty();
  }

  @Test
  void section_9_data_does_not_renew_a_permission() {
    alice.permit(PEER);
    for (int i = 0; i < 300; i++) {
      alice.sendTo(PEER, "x");
      world.passSeconds(1);
    }
    alice.sendTo(PEER, "too late");
    assertThat(relayed.sent).hasSize(300);
  }

  @Test
  void section_10_2_several_peers_in_one_request_are_all_permitted() {
    assertThat(alice.permit(PEER, OTHER_PEER).isSuccess()).isTrue();
    alice.sendTo(PEER, "1");
    alice.sendTo(OTHER_PEER, "2");
    assertThat(relayed.sent).containsExactly(new Sent(PEER, "1"), new Sent(OTHER_PEER, "2"));
  }

  @Test
  void section_10_2_one_bad_address_refuses_the_whole_request() {
    assertThat(alice.permit(PEER, peer("10.0.0.1", 7000)).errorCode()).isEqualTo(403);
    alice.sendTo(PEER, "x");
    assertThat(relayed.sent).isEmpty();
  }

  @Test
  void section_10_2_a_request_without_or_with_a_broken_address_is_bad() {
    assertThat(alice.permit().errorCode()).isEqualTo(400);
    Message broken =
        alice.request(
            MessageType.CREATE_PERMISSION_REQUEST,
            it -> it.bytes(AttributeType.XOR_PEER_ADDRESS, new byte[8]));
    assertThat(broken.errorCode()).isEqualTo(400);
  }

  @Test
  void section_10_2_a_peer_of_another_family_is_a_mismatch() {
    assertThat(alice.permit(peer("2606:4700::1111", 7000)).errorCode()).isEqualTo(443);
    assertThat(alice.bind(CHANNEL, peer("2606:4700::1111", 7000)).errorCode()).isEqualTo(443);
  }

  @Test
  void section_10_2_permissions_are_limited() {
    World small = new World(new World.Options().permissions(2));
    TurnClient client = small.client(4000);
    client.allocate();
    assertThat(client.permit(PEER, OTHER_PEER).isSuccess()).isTrue();
    assertThat(client.permit(peer("1.1.1.1", 1)).errorCode()).isEqualTo(508);
    assertThat(client.bind(CHANNEL, peer("1.1.1.1", 1)).errorCode()).isEqualTo(508);
    assertThat(client.permit(PEER).isSuccess()).isTrue();
  }

  @Test
  void section_7_requests_without_an_allocation_are_a_mismatch() {
    TurnClient stranger = world.client(4001);
    stranger.greet();
    assertThat(stranger.permit(PEER).errorCode()).isEqualTo(437);
    assertThat(stranger.bind(CHANNEL, PEER).errorCode()).isEqualTo(437);
    assertThat(stranger.refresh(600).errorCode()).isEqualTo(437);
  }

  @Test
  void section_11_send_indications_without_allocation_peer_or_data_meet_silence() {
    TurnClient stranger = world.client(4001);
    stranger.sendTo(PEER, "x");
    stranger.expectSilenceBefore();
    assertThat(world.dropped(DropReason.NO_ALLOCATION)).isOne();

    alice.permit(PEER);
    alice.send(
        alice.plain(
            MessageType.SEND_INDICATION,
            it -> it.xorAddress(AttributeType.XOR_PEER_ADDRESS, PEER)));
    alice.send(alice.plain(MessageType.SEND_INDICATION, it -> it.text(AttributeType.DATA, "x")));
    alice.send(
        alice.plain(
            MessageType.SEND_INDICATION,
            it ->
                it.flag(0x7FFE)
                    .xorAddress(AttributeType.XOR_PEER_ADDRESS, PEER)
                    .text(AttributeType.DATA, "x")));
    alice.expectSilenceBefore();
    assertThat(relayed.sent).isEmpty();
  }

  @Test
  void section_11_a_send_indication_with_empty_data_sends_an_empty_datagram() {
    alice.permit(PEER);
    alice.sendTo(PEER, "");
    assertThat(relayed.sent).containsExactly(new Sent(PEER, ""));
    relayed.receive(PEER, "");
    assertThat(alice.expectDataFrom(PEER)).isEmpty();
  }

  @Test
  void section_11_data_of_every_length_modulo_four_arrives_whole() {
    alice.permit(PEER);
    for (int length = 0; length < 9; length++) {
      String data = "x".repeat(length);
      alice.sendTo(PEER, data);
      assertThat(relayed.sent.remove()).isEqualTo(new Sent(PEER, data));
      relayed.receive(PEER, data);
      assertThat(alice.expectDataFrom(PEER)).isEqualTo(data);
    }
  }

  @Test
  void section_12_a_channel_carries_data_both_ways_and_installs_a_permission() {
    assertThat(alice.bind(CHANNEL, PEER).isSuccess()).isTrue();
    alice.sendOn(CHANNEL, "to the peer");
    assertThat(relayed.sent).containsExactly(new Sent(PEER, "to the peer"));
    relayed.receive(PEER, "to the client");
    assertThat(alice.expectDataOn(CHANNEL)).isEqualTo("to the client");

    relayed.receive(peer("9.9.9.9", 7001), "another port");
    assertThat(alice.expectDataFrom(peer("9.9.9.9", 7001))).isEqualTo("another port");
  }

  @Test
  void section_12_2_channel_numbers_are_0x4000_to_0x4fff() {
    assertThat(alice.bind(0x3FFF, PEER).errorCode()).isEqualTo(400);
    assertThat(alice.bind(0x5000, PEER).errorCode()).isEqualTo(400);
    assertThat(alice.bind(0x7FFF, PEER).errorCode()).isEqualTo(400);
    assertThat(alice.bind(0x4FFF, PEER).isSuccess()).isTrue();
  }

  @Test
  void section_12_2_the_range_of_rfc_5766_is_a_setting() {
    TurnClient client = new World(new World.Options().lastChannel(0x7FFE)).client(4000);
    client.allocate();
    assertThat(client.bind(0x7FFE, PEER).isSuccess()).isTrue();
    assertThat(client.bind(0x7FFF, PEER).errorCode()).isEqualTo(400);
  }

  @Test
  void section_12_2_number_and_peer_are_bound_to_each_other_only() {
    alice.bind(CHANNEL, PEER);
    assertThat(alice.bind(CHANNEL, OTHER_PEER).errorCode()).isEqualTo(400);
    assertThat(alice.bind(CHANNEL + 1, PEER).errorCode()).isEqualTo(400);
    assertThat(alice.bind(CHANNEL, PEER).isSuccess()).isTrue();
    assertThat(alice.bind(CHANNEL + 1, OTHER_PEER).isSuccess()).isTrue();
  }

  @Test
  void section_12_2_number_and_peer_are_required() {
    assertThat(
            alice
                .request(
                    MessageType.CHANNEL_BIND_REQUEST,
                    it -> it.xorAddress(AttributeType.XOR_PEER_ADDRESS, PEER))
                .errorCode())
        .isEqualTo(400);
    assertThat(
            alice
                .request(
                    MessageType.CHANNEL_BIND_REQUEST,
                    it -> it.unsignedInt(AttributeType.CHANNEL_NUMBER, (long) CHANNEL << 16))
                .errorCode())
        .isEqualTo(400);
  }

  @Test
  void section_12_a_channel_lasts_600_seconds_and_its_permission_300() {
    alice.bind(CHANNEL, PEER);
    world.passSeconds(300);
    alice.sendOn(CHANNEL, "no permission");
    relayed.receive(PEER, "no permission");
    alice.expectSilenceBefore();

    alice.permit(PEER);
    world.passSeconds(299);
    relayed.receive(PEER, "on the channel");
    assertThat(alice.expectDataOn(CHANNEL)).isEqualTo("on the channel");
  }

  @Test
  void section_12_after_600_seconds_a_channel_number_is_free_for_another_peer() {
    alice.bind(CHANNEL, PEER);
    alice.refresh(3600);
    world.passSecondsUnnoticed(600);
    assertThat(alice.bind(CHANNEL, OTHER_PEER).isSuccess()).isTrue();
    alice.sendOn(CHANNEL, "x");
    assertThat(relayed.sent).containsExactly(new Sent(OTHER_PEER, "x"));
  }

  @Test
  void section_12_renewing_a_channel_renews_both() {
    alice.refresh(3600);
    for (int i = 0; i < 5; i++) {
      alice.bind(CHANNEL, PEER);
      world.passSeconds(250);
    }
    alice.sendOn(CHANNEL, "alive");
    assertThat(relayed.sent).containsExactly(new Sent(PEER, "alive"));
  }

  @Test
  void section_12_5_channel_data_that_matches_nothing_meets_silence() {
    alice.sendOn(CHANNEL, "unbound");
    world.client(4001).sendOn(CHANNEL, "no allocation");
    alice.expectSilenceBefore();
    assertThat(world.dropped(DropReason.NO_CHANNEL)).isOne();
    assertThat(world.dropped(DropReason.NO_ALLOCATION)).isOne();
  }

  @Test
  void section_12_5_channel_data_longer_than_its_datagram_is_dropped_and_padding_is_not_data() {
    alice.bind(CHANNEL, PEER);
    alice.send(new byte[] {0x40, 0x00, 0, 5, 1, 2, 3, 4});
    alice.send(new byte[] {0x40, 0x00, 0});
    alice.expectSilenceBefore();
    assertThat(relayed.sent).isEmpty();

    alice.send(new byte[] {0x40, 0x00, 0, 1, 'a', 0, 0, 0});
    assertThat(relayed.sent).containsExactly(new Sent(PEER, "a"));
  }

  @Test
  void section_11_when_the_allocation_is_over_data_stops_at_once() {
    alice.bind(CHANNEL, PEER);
    world.passSecondsUnnoticed(299);
    alice.permit(PEER);
    world.passSecondsUnnoticed(299);
    alice.permit(PEER);
    world.passSecondsUnnoticed(2);
    alice.sendOn(CHANNEL, "x");
    alice.sendTo(PEER, "x");
    relayed.receive(PEER, "x");
    alice.expectSilenceBefore();
    assertThat(relayed.sent).isEmpty();
  }

  @Test
  void an_ipv6_allocation_relays_to_ipv6_peers() {
    TurnClient client = world.client(4001);
    client.greet();
    InetSocketAddress address =
        client
            .allocate(it -> it.unsignedInt(AttributeType.REQUESTED_ADDRESS_FAMILY, 2L << 24))
            .address(AttributeType.XOR_RELAYED_ADDRESS);
    InetSocketAddress peer = peer("2606:4700:4700::1111", 7000);
    client.permit(peer);
    client.sendTo(peer, "six");
    assertThat(world.relayed(address).sent).containsExactly(new Sent(peer, "six"));
    world.relayed(address).receive(peer, "six back");
    assertThat(client.expectDataFrom(peer)).isEqualTo("six back");
    assertThat(client.permit(PEER).errorCode()).isEqualTo(443);
  }

  @Test
  void counters_count_payload_both_ways() {
    alice.permit(PEER);
    alice.sendTo(PEER, "12345");
    relayed.receive(PEER, "123");
    assertThat(world.counted(Counter.BYTES_TO_PEERS)).isEqualTo(5);
    assertThat(world.counted(Counter.PACKETS_TO_CLIENTS)).isOne();
    assertThat(world.counted(Counter.BYTES_TO_CLIENTS)).isEqualTo(3);
  }

  @Test
  void an_empty_request_is_answered_not_thrown_at() {
    assertThat(
            alice.request(MessageType.CHANNEL_BIND_REQUEST, UnaryOperator.identity()).errorCode())
        .isEqualTo(400);
  }

  private static InetSocketAddress peer(String ip, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
  }
}
