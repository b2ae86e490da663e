package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.peer.Cidr;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.IntegrityAlgorithm;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.testkit.Message;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.UdpWire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A client over UDP sends a request again, byte for byte, when an answer is lost. The server keeps
 * no answers: a request that is done twice changes nothing the second time (RFC 8489 section 6.3.1
 * and RFC 8656 section 5).
 */
@DisplayName("RFC 8489 section 6.3.1: requests sent again over UDP")
@Timeout(60)
class RetransmissionTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int CHANNEL = 0x4000;

  private TurnServer server;
  private UdpWire wire;
  private UdpWire peer;
  private TurnClient alice;

  @BeforeEach
  void start() {
    server =
        TurnServer.start(
            TurnSettings.builder()
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .eventLoops(2)
                .allowPeers(List.of(Cidr.parse("127.0.0.1")))
                .permissionsPerAllocation(1)
                .users(Map.of("alice", "wonderland"))
                .build());
    wire = new UdpWire(server.boundAddress());
    peer = new UdpWire(server.boundAddress());
    alice = new TurnClient(wire, "alice", "wonderland");
  }

  @AfterEach
  void close() {
    wire.close();
    peer.close();
    server.close();
  }

  @Test
  void rfc_8656_section_7_2_an_allocate_makes_one_allocation_and_names_it_twice() {
    alice.greet();
    byte[] allocate =
        alice.authenticated(
            MessageType.ALLOCATE_REQUEST,
            it -> it.unsignedInt(AttributeType.REQUESTED_TRANSPORT, TurnClient.UDP));

    Message first = alice.ask(allocate);
    Message second = alice.ask(allocate);

    assertThat(first.isSuccess()).isTrue();
    assertThat(second.isSuccess()).isTrue();
    assertThat(second.address(AttributeType.XOR_RELAYED_ADDRESS))
        .isEqualTo(first.address(AttributeType.XOR_RELAYED_ADDRESS));
    assertThat(server.statistics().total().allocationsStarted()).isOne();
    assertThat(server.statistics().relayedPorts()).isOne();
  }

  /** RFC 8656 section 5 lets it be one, since clients take it for the success that was lost. */
  @Test
  void rfc_8656_section_8_2_a_refresh_that_deleted_the_allocation_is_then_a_mismatch() {
    alice.allocate();
    byte[] delete =
        alice.authenticated(
            MessageType.REFRESH_REQUEST, it -> it.unsignedInt(AttributeType.LIFETIME, 0));

    Message first = alice.ask(delete);
    Message second = alice.ask(delete);

    assertThat(first.isSuccess()).isTrue();
    assertThat(first.unsignedInt(AttributeType.LIFETIME)).isZero();
    assertThat(second.errorCode()).isEqualTo(437);
    assertThat(second.isProtectedBy(IntegrityAlgorithm.HMAC_SHA1, alice.key())).isTrue();
    assertThat(server.statistics().total().allocations()).isZero();
    assertThat(server.statistics().relayedPorts()).isZero();
    assertThat(alice.allocate(UnaryOperator.identity()).isSuccess())
        .as("the 5-tuple is free again")
        .isTrue();
    assertThat(server.statistics().total().allocationsStarted()).isEqualTo(2);
  }

  @Test
  void rfc_8656_section_10_2_a_create_permission_is_answered_alike_and_counts_once() {
    InetSocketAddress relayed = alice.allocate();
    byte[] permit =
        alice.authenticated(
            MessageType.CREATE_PERMISSION_REQUEST,
            it -> it.xorAddress(AttributeType.XOR_PEER_ADDRESS, peer.localAddress()));

    byte[] first = answerTo(permit);

    assertThat(new Message(first).isSuccess()).isTrue();
    assertThat(answerTo(permit)).isEqualTo(first);
    assertThat(answerTo(permit)).isEqualTo(first);
    peer.sendTo(relayed, ascii("let in"));
    assertThat(alice.expectDataFrom(peer.localAddress())).isEqualTo("let in");
    alice.expectSilenceBefore();
  }

  @Test
  void rfc_8656_section_12_2_a_channel_bind_is_answered_alike_and_binds_one_channel() {
    InetSocketAddress relayed = alice.allocate();
    byte[] bind =
        alice.authenticated(
            MessageType.CHANNEL_BIND_REQUEST,
            it ->
                it.unsignedInt(AttributeType.CHANNEL_NUMBER, (long) CHANNEL << 16)
                    .xorAddress(AttributeType.XOR_PEER_ADDRESS, peer.localAddress()));

    byte[] first = answerTo(bind);

    assertThat(new Message(first).isSuccess()).isTrue();
    assertThat(answerTo(bind)).isEqualTo(first);
    alice.sendOn(CHANNEL, "out");
    assertThat(peer.receive()).hasValueSatisfying(data -> assertThat(data).isEqualTo(ascii("out")));
    peer.sendTo(relayed, ascii("in"));
    assertThat(alice.expectDataOn(CHANNEL)).isEqualTo("in");
    assertThat(answerTo(bind)).as("after data has passed").isEqualTo(first);
    alice.expectSilenceBefore();
  }

  private byte[] answerTo(byte[] request) {
    wire.send(request);
    return wire.receive().orElseThrow(() -> new AssertionError("the server stayed silent"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
