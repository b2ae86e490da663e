package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sotto.turn.netty.Transport;
import dev.sotto.turn.peer.Cidr;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.testkit.Message;
import dev.sotto.turn.testkit.Tool;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.UdpWire;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("RFC 8656 sections 11.5 and 14 on real sockets")
@Timeout(30)
class PeerPathTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 3, 3", "::1, 1, 4"})
  void section_11_5_a_client_hears_that_its_peers_port_is_closed(String ip, int type, int code)
      throws Exception {
    assumeTrue(Transport.best() == Transport.EPOLL, "needs epoll");
    InetAddress address = InetAddress.ofLiteral(ip);
    TurnServer server = server(address, Transport.EPOLL);
    TurnClient alice = client(server);
    alice.greet();
    long family = (address.getAddress().length == 4 ? 1L : 2L) << 24;
    alice.allocate(it -> it.unsignedInt(AttributeType.REQUESTED_ADDRESS_FAMILY, family));
    UdpWire open = opened(new UdpWire(server.boundAddress()));
    InetSocketAddress closed = closedPort(address);
    alice.permit(closed, open.localAddress());
    alice.bind(0x4000, closed);

    alice.sendTo(closed, "anyone?");
    expectIcmp(alice, closed, type, code);
    alice.sendOn(0x4000, "anyone on the channel?");
    expectIcmp(alice, closed, type, code);
    alice.sendTo(open.localAddress(), "the socket goes on");
    assertThat(open.receive())
        .hasValueSatisfying(data -> assertThat(data).asString().isEqualTo("the socket goes on"));
  }

  @Test
  void a_storm_of_errors_is_cut_off_and_the_socket_goes_on() throws Exception {
    assumeTrue(Transport.best() == Transport.EPOLL, "needs epoll");
    TurnServer server = server(LOOPBACK, Transport.EPOLL);
    TurnClient alice = client(server);
    alice.allocate();
    InetSocketAddress closed = closedPort(LOOPBACK);
    UdpWire open = opened(new UdpWire(server.boundAddress()));
    alice.permit(closed);
    for (int i = 0; i < 500; i++) {
      alice.sendTo(closed, "anyone?");
      if (i % 10 == 0) {
        alice.awaitQuiet();
      }
    }
    alice.awaitQuiet();
    alice.sendTo(open.localAddress(), "through");
    assertThat(open.receive())
        .hasValueSatisfying(data -> assertThat(data).asString().isEqualTo("through"));
  }

  @Test
  void section_14_dont_fragment_sets_the_bit_and_other_datagrams_go_without_it() throws Exception {
    assumeTrue(Transport.best() == Transport.EPOLL, "needs epoll");
    TurnServer server = server(LOOPBACK, Transport.EPOLL);
    TurnClient alice = client(server);
    alice.allocate();
    UdpWire peer = opened(new UdpWire(server.boundAddress()));
    alice.permit(peer.localAddress());
    Tool capture =
        opened(Tool.python("df_of_udp.py", Integer.toString(peer.localAddress().getPort())));
    assumeTrue(capture.nextLine().equals("ready"), "capturing packets needs root");

    alice.sendTo(peer.localAddress(), "first");
    alice.send(
        alice.plain(
            MessageType.SEND_INDICATION,
            it ->
                it.xorAddress(AttributeType.XOR_PEER_ADDRESS, peer.localAddress())
                    .flag(AttributeType.DONT_FRAGMENT)
                    .bytes(AttributeType.DATA, "second".getBytes(StandardCharsets.US_ASCII))));
    alice.sendTo(peer.localAddress(), "third");
    assertThat(List.of(capture.nextLine(), capture.nextLine(), capture.nextLine()))
        .containsExactly("0 first", "1 second", "0 third");
  }

  @Test
  void section_7_2_a_transport_that_cannot_set_the_bit_says_so() {
    TurnClient client = client(server(LOOPBACK, Transport.NIO));
    client.greet();
    assertThat(client.allocate(it -> it.flag(AttributeType.DONT_FRAGMENT)).errorCode())
        .isEqualTo(420);
  }

  private static void expectIcmp(TurnClient client, InetSocketAddress peer, int type, int code) {
    Message indication = client.expectMessage();
    assertThat(indication.stun().type()).isEqualTo(MessageType.DATA_INDICATION);
    assertThat(indication.address(AttributeType.XOR_PEER_ADDRESS)).isEqualTo(peer);
    assertThat(ByteBuffer.wrap(indication.bytes(AttributeType.ICMP)).getInt())
        .isEqualTo(type << 9 | code);
  }

  private TurnServer server(InetAddress address, Transport transport) {
    TurnSettings settings =
        TurnSettings.builder()
            .listen(new InetSocketAddress(address, 0))
            .eventLoops(1)
            .users(Map.of("alice", "wonderland"))
            .allowPeers(List.of(Cidr.parse(address.getHostAddress())))
            .build();
    return opened(TurnServer.start(settings, TurnClock.system(), new SecureRandom(), transport));
  }

  private static InetSocketAddress closedPort(InetAddress address) throws Exception {
    try (DatagramSocket socket = new DatagramSocket(0, address)) {
      return new InetSocketAddress(address, socket.getLocalPort());
    }
  }

  private TurnClient client(TurnServer server) {
    return new TurnClient(opened(new UdpWire(server.boundAddress())), "alice", "wonderland");
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }
}
