package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.peer.HostPorts;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import dev.sotto.turn.testkit.World.Relayed;
import dev.sotto.turn.testkit.World.Sent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What clients cannot reach through the server, and what they can on its own host")
class PeerSafetyTest {
  private static final int CHANNEL = 0x4000;

  private final World world = new World();
  private final TurnClient alice = world.client(4000);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "192.168.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255"
      })
  void no_way_of_naming_a_peer_reaches_an_inside_address(String address) {
    Relayed relayed = world.relayed(alice.allocate());
    InetSocketAddress inside = at(address, 80);

    assertThat(alice.permit(inside).errorCode()).isEqualTo(403);
    assertThat(alice.bind(CHANNEL, inside).errorCode()).isEqualTo(403);
    alice.sendTo(inside, "x");
    alice.sendOn(CHANNEL, "x");
    relayed.receive(inside, "x");
    alice.expectSilenceBefore();
    assertThat(relayed.sent).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::7f00:1",
        "::ffff:0:7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe"
      })
  void no_way_of_naming_a_peer_reaches_an_inside_address_in_any_form_of_ipv6(String address) {
    TurnClient client = world.client(4002);
    client.greet();
    Relayed relayed =
        world.relayed(
            client
                .allocate(it -> it.unsignedInt(AttributeType.REQUESTED_ADDRESS_FAMILY, 2L << 24))
                .address(AttributeType.XOR_RELAYED_ADDRESS));
    InetSocketAddress inside = at(address, 80);

    assertThat(client.permit(inside).errorCode()).isEqualTo(403);
    assertThat(client.bind(CHANNEL, inside).errorCode()).isEqualTo(403);
    client.sendTo(inside, "x");
    client.sendOn(CHANNEL, "x");
    relayed.receive(inside, "x");
    client.expectSilenceBefore();
    assertThat(relayed.sent).isEmpty();
  }

  @Test
  void a_refused_peer_hurts_no_other_peer() {
    Relayed relayed = world.relayed(alice.allocate());
    InetSocketAddress outside = at("9.9.9.9", 7000);
    alice.permit(outside);
    assertThat(alice.permit(at("192.168.1.5", 7000)).errorCode()).isEqualTo(403);
    alice.sendTo(outside, "x");
    assertThat(relayed.sent).containsExactly(new Sent(outside, "x"));
  }

  @Test
  void two_clients_of_this_server_reach_each_others_relayed_addresses_by_send_and_by_channel() {
    TurnClient bob = world.client(4001).as("bob", "builder");
    InetSocketAddress ofAlice = alice.allocate();
    InetSocketAddress ofBob = bob.allocate();

    assertThat(alice.permit(ofBob).isSuccess()).isTrue();
    assertThat(bob.permit(ofAlice).isSuccess()).isTrue();
    alice.sendTo(ofBob, "hello bob");
    assertThat(bob.expectDataFrom(ofAlice)).isEqualTo("hello bob");

    assertThat(bob.bind(CHANNEL, ofAlice).isSuccess()).isTrue();
    bob.sendOn(CHANNEL, "hello alice");
    assertThat(alice.expectDataFrom(ofBob)).isEqualTo("hello alice");
  }

  @Test
  void a_permission_for_the_relay_address_opens_no_other_port_of_the_host() {
    Relayed relayed = world.relayed(alice.allocate());
    InetSocketAddress ssh = new InetSocketAddress(World.RELAY_IPV4, 22);

    assertThat(alice.permit(ssh).isSuccess()).isTrue();
    alice.sendTo(ssh, "x");
    relayed.receive(ssh, "x");
    assertThat(alice.bind(CHANNEL, ssh).errorCode()).isEqualTo(403);
    alice.expectSilenceBefore();
    assertThat(relayed.sent).isEmpty();
    assertThat(world.dropped(DropReason.PEER_REFUSED)).isEqualTo(2);
  }

  @Test
  void a_channel_to_a_relayed_address_ends_with_that_allocation() {
    TurnClient bob = world.client(4001).as("bob", "builder");
    Relayed relayed = world.relayed(alice.allocate());
    InetSocketAddress ofBob = bob.allocate();
    assertThat(alice.bind(CHANNEL, ofBob).isSuccess()).isTrue();
    bob.refresh(0);

    alice.sendOn(CHANNEL, "to whoever has that port now");
    relayed.receive(ofBob, "from whoever has that port now");
    alice.expectSilenceBefore();
    assertThat(relayed.sent).isEmpty();
  }

  @Test
  void a_port_that_the_composition_root_opens_is_reachable_until_it_is_closed() {
    Relayed relayed = world.relayed(alice.allocate());
    InetSocketAddress media = new InetSocketAddress(World.RELAY_IPV4, 10_000);
    alice.permit(media);
    try (HostPorts.Registration _ = world.hostPorts.open(media)) {
      alice.sendTo(media, "while open");
    }
    alice.sendTo(media, "when closed");
    assertThat(relayed.sent).containsExactly(new Sent(media, "while open"));
  }

  @Test
  void ipv4_mapped_peers_are_refused_on_a_dual_allocation() {
    alice.greet();
    alice.allocate(it -> it.unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, 2L << 24));
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    byte[] peer = xorMapped(loopback);
    assertThat(
            alice
                .request(
                    MessageType.CREATE_PERMISSION_REQUEST,
                    it -> it.bytes(AttributeType.XOR_PEER_ADDRESS, peer))
                .errorCode())
        .isEqualTo(403);
  }

  @Test
  void ten_thousand_sources_without_credentials_leave_no_state() {
    for (int i = 0; i < 10_000; i++) {
      TurnClient stranger = world.client("203.0." + (i >> 8) + "." + (i & 0xFF), 5000);
      stranger.greet();
      if (i % 2 == 0) {
        stranger.as("alice", "guess").allocate(UnaryOperator.identity());
      }
    }
    assertThat(world.allocations()).isZero();
    assertThat(world.relayedSockets()).isZero();
    assertThat(world.ports.claimedCount()).isZero();
    assertThat(world.shared.quotas().current()).isZero();
    assertThat(world.shared.quotas().owners()).isZero();
    assertThat(world.shared.reservations().size()).isZero();
  }

  @Test
  void a_binding_answer_is_at_most_1_6_times_its_request() {
    byte[] request = alice.plain(MessageType.BINDING_REQUEST, UnaryOperator.identity());
    assertThat(request).hasSize(20);
    assertThat(alice.ask(request).sizeBytes()).isLessThanOrEqualTo(32);
  }

  @Test
  void a_refusal_to_a_stranger_is_short_too() {
    byte[] request = alice.plain(MessageType.BINDING_REQUEST, it -> it.bytes(0x7FFF, new byte[0]));
    assertThat(request).hasSize(24);
    assertThat(alice.ask(request).sizeBytes()).isLessThanOrEqualTo(24 * 16 / 10);
  }

  @Test
  void a_challenge_to_a_28_byte_allocate_is_at_most_3_6_times_as_long() {
    byte[] request =
        alice.plain(
            MessageType.ALLOCATE_REQUEST,
            it -> it.unsignedInt(AttributeType.REQUESTED_TRANSPORT, TurnClient.UDP));
    assertThat(request).hasSize(28);
    assertThat(alice.ask(request).sizeBytes()).isLessThanOrEqualTo(100);
  }

  @Test
  void a_source_that_floods_is_answered_within_its_budget_and_others_do_not_notice() {
    World limited = new World(new World.Options().responsesPerSecond(10));
    TurnClient flood = limited.client("192.0.2.66", 1);
    int answers = 0;
    for (int i = 0; i < 1000; i++) {
      flood.send(flood.plain(MessageType.ALLOCATE_REQUEST, UnaryOperator.identity()));
      answers += flood.receive().isPresent() ? 1 : 0;
    }
    assertThat(answers).isEqualTo(20);
    assertThat(limited.dropped(DropReason.RESPONSE_BUDGET)).isEqualTo(980);
    limited.client("192.0.2.67", 1).allocate();

    limited.passSecondsUnnoticed(1);
    answers = 0;
    for (int i = 0; i < 100; i++) {
      flood.send(flood.plain(MessageType.BINDING_REQUEST, UnaryOperator.identity()));
      answers += flood.receive().isPresent() ? 1 : 0;
    }
    assertThat(answers).isEqualTo(10);
  }

  @Test
  void answers_to_an_authenticated_user_cost_no_budget() {
    World limited = new World(new World.Options().responsesPerSecond(1));
    TurnClient client = limited.client(4000);
    client.allocate();
    for (int i = 0; i < 100; i++) {
      assertThat(client.refresh(600).isSuccess()).isTrue();
    }
  }

  /** ::ffff:a.b.c.d as the value of an address attribute in the client's next message. */
  private byte[] xorMapped(InetAddress ipv4) {
    byte[] key = alice.nextXorKey();
    byte[] value = new byte[20];
    value[1] = 2;
    value[14] = (byte) 0xFF;
    value[15] = (byte) 0xFF;
    System.arraycopy(ipv4.getAddress(), 0, value, 16, 4);
    for (int i = 0; i < key.length; i++) {
      value[4 + i] ^= key[i];
    }
    return value;
  }

  private static InetSocketAddress at(String ip, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
  }
}
