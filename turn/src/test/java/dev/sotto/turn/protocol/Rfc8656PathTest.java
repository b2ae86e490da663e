package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.relay.IcmpError;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.testkit.Message;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import dev.sotto.turn.testkit.World.Relayed;
import dev.sotto.turn.testkit.World.Sent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("RFC 8656: what clients learn of the path to a peer, DONT-FRAGMENT and ICMP")
class Rfc8656PathTest {
  private static final InetSocketAddress PEER = peer("9.9.9.9", 7000);
  private static final int CHANNEL = 0x4000;

  private final World world = new World();
  private final TurnClient alice = world.client(4000);

  @Test
  void section_7_2_dont_fragment_in_an_allocate_asks_whether_the_server_can() {
    alice.greet();
    assertThat(alice.allocate(it -> it.flag(AttributeType.DONT_FRAGMENT)).isSuccess()).isTrue();
  }

  @Test
  void section_7_2_a_server_that_cannot_answers_dont_fragment_with_420() {
    TurnClient client = new World(new World.Options().withoutDontFragment()).client(4000);
    client.greet();
    Message answer = client.allocate(it -> it.flag(AttributeType.DONT_FRAGMENT));
    assertThat(answer.errorCode()).isEqualTo(420);
    assertThat(answer.bytes(AttributeType.UNKNOWN_ATTRIBUTES))
        .containsExactly(0, AttributeType.DONT_FRAGMENT);
  }

  @Test
  void section_14_a_send_indication_with_dont_fragment_leaves_unfragmented_and_others_as_ever() {
    Relayed relayed = world.relayed(alice.allocate());
    alice.permit(PEER);
    alice.bind(CHANNEL, PEER);
    alice.sendTo(PEER, "may be cut");
    alice.send(unfragmented("whole or not at all"));
    alice.sendOn(CHANNEL, "may be cut too");
    assertThat(relayed.sent)
        .containsExactly(
            new Sent(PEER, "may be cut", false),
            new Sent(PEER, "whole or not at all", true),
            new Sent(PEER, "may be cut too", false));
  }

  @Test
  void section_11_3_a_server_that_cannot_drops_a_send_indication_with_dont_fragment() {
    World without = new World(new World.Options().withoutDontFragment());
    TurnClient client = without.client(4000);
    Relayed relayed = without.relayed(client.allocate());
    client.permit(PEER);
    client.send(unfragmented("x"));
    assertThat(relayed.sent).isEmpty();
    assertThat(without.dropped(DropReason.MALFORMED)).isOne();
  }

  @ParameterizedTest
  @CsvSource({
    "9.9.9.9, 3, 3, 0, 0", // port unreachable
    "9.9.9.9, 3, 4, 1280, 1280", // fragmentation needed
    "9.9.9.9, 3, 1, 99, 0", // host unreachable: whatever the kernel says, there is no MTU
    "9.9.9.9, 11, 0, 0, 0", // time exceeded
    "2a00::9, 1, 4, 0, 0", // port unreachable
    "2a00::9, 2, 0, 1400, 1400", // packet too big
    "2a00::9, 3, 0, 1400, 0" // time exceeded
  })
  void section_11_5_an_error_reaches_the_client_as_a_data_indication_without_data(
      String ip, int type, int code, long mtu, int errorData) {
    InetSocketAddress peer = peer(ip, 7000);
    Relayed relayed = dualAllocation(peer);
    alice.permit(peer);
    relayed.receive(new IcmpError(peer, type, code, mtu));

    Message indication = alice.expectMessage();
    assertThat(indication.stun().type()).isEqualTo(MessageType.DATA_INDICATION);
    assertThat(indication.address(AttributeType.XOR_PEER_ADDRESS)).isEqualTo(peer);
    assertThat(indication.has(AttributeType.DATA)).isFalse();
    ByteBuffer icmp = ByteBuffer.wrap(indication.bytes(AttributeType.ICMP));
    assertThat(icmp.remaining()).isEqualTo(8);
    assertThat(icmp.getShort(0)).as("reserved").isZero();
    assertThat(icmp.getShort(2) >>> 9).as("section 18.13: seven bits of type").isEqualTo(type);
    assertThat(icmp.getShort(2) & 0x1FF).as("nine bits of code").isEqualTo(code);
    assertThat(icmp.getInt(4)).as("error data").isEqualTo(errorData);
  }

  @ParameterizedTest
  @CsvSource({
    "9.9.9.9, 0",
    "9.9.9.9, 4",
    "9.9.9.9, 5",
    "9.9.9.9, 12",
    "2a00::9, 4",
    "2a00::9, 128"
  })
  void section_11_5_errors_of_other_types_are_not_passed_on(String ip, int type) {
    InetSocketAddress peer = peer(ip, 7000);
    Relayed relayed = dualAllocation(peer);
    alice.permit(peer);
    relayed.receive(new IcmpError(peer, type, 0, 0));
    alice.expectSilenceBefore();
  }

  @Test
  void section_11_5_an_error_about_a_peer_without_permission_is_not_passed_on() {
    Relayed relayed = world.relayed(alice.allocate());
    relayed.receive(new IcmpError(PEER, 3, 3, 0));
    alice.permit(PEER);
    world.passSecondsUnnoticed(300);
    relayed.receive(new IcmpError(PEER, 3, 3, 0));
    alice.expectSilenceBefore();
  }

  @Test
  void section_11_5_an_error_says_nothing_of_ports_of_this_host_that_are_closed() {
    Relayed relayed = world.relayed(alice.allocate());
    InetSocketAddress ssh = new InetSocketAddress(World.RELAY_IPV4, 22);
    assertThat(alice.permit(ssh).isSuccess()).isTrue();
    relayed.receive(new IcmpError(ssh, 3, 3, 0));
    alice.expectSilenceBefore();
  }

  /** The relayed socket of the peer's family. */
  private Relayed dualAllocation(InetSocketAddress peer) {
    alice.greet();
    List<InetSocketAddress> addresses =
        alice
            .allocate(it -> it.unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, 2L << 24))
            .addresses(AttributeType.XOR_RELAYED_ADDRESS);
    return world.relayed(
        addresses.stream()
            .filter(address -> address.getAddress().getClass() == peer.getAddress().getClass())
            .findFirst()
            .orElseThrow());
  }

  private byte[] unfragmented(String data) {
    return alice.plain(
        MessageType.SEND_INDICATION,
        it ->
            it.xorAddress(AttributeType.XOR_PEER_ADDRESS, PEER)
                .flag(AttributeType.DONT_FRAGMENT)
                .bytes(AttributeType.DATA, data.getBytes(StandardCharsets.UTF_8)));
  }

  private static InetSocketAddress peer(String ip, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
  }
}
