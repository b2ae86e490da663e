package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.turn.netty.Transport;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.testkit.StreamWire;
import dev.sotto.turn.testkit.TestTls;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.UdpWire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 8656 section 3.1: TCP and TLS between client and server")
@Timeout(30)
class StreamTransportTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void section_12_5_clients_over_tcp_and_udp_talk_to_each_other(Transport transport)
      throws IOException {
    TurnServer server =
        opened(
            TurnServer.start(
                settings().build(), TurnClock.system(), new SecureRandom(), transport));
    TurnClient alice = new TurnClient(tcp(server), "alice", "wonderland");
    TurnClient bob =
        new TurnClient(opened(new UdpWire(server.boundAddress())), "alice", "wonderland");
    talk(alice, bob);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void rfc_7443_clients_over_tls_get_the_protocol_name_stun_turn(String version) throws Exception {
    TestTls tls = new TestTls();
    TurnServer server =
        opened(TurnServer.start(settings().listenTls(tls.identity(), ANY_PORT).build()));
    SSLSocket socket = tls.connect(server.boundTlsAddresses().getFirst());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"stun.turn"});
    parameters.setProtocols(new String[] {version});
    socket.setSSLParameters(parameters);
    socket.startHandshake();

    assertThat(socket.getApplicationProtocol()).isEqualTo("stun.turn");
    TurnClient alice = new TurnClient(opened(new StreamWire(socket)), "alice", "wonderland");
    TurnClient bob = new TurnClient(tcp(server), "alice", "wonderland");
    talk(alice, bob);
  }

  @Test
  void a_tls_client_that_asks_for_no_protocol_name_is_served() throws Exception {
    TestTls tls = new TestTls();
    TurnServer server =
        opened(TurnServer.start(settings().listenTls(tls.identity(), ANY_PORT).build()));
    Socket socket = tls.connect(server.boundTlsAddresses().getFirst());
    new TurnClient(opened(new StreamWire(socket)), "alice", "wonderland").allocate();
  }

  @Test
  void a_replaced_certificate_is_shown_to_new_connections_and_old_ones_live_on() throws Exception {
    TestTls before = new TestTls();
    TestTls after = new TestTls();
    TurnServer server =
        opened(TurnServer.start(settings().listenTls(before.identity(), ANY_PORT).build()));
    InetSocketAddress address = server.boundTlsAddresses().getFirst();
    TurnClient old =
        new TurnClient(opened(new StreamWire(before.connect(address))), "alice", "wonderland");
    old.allocate();
    server.replaceTls(after.identity());

    new TurnClient(opened(new StreamWire(after.connect(address))), "alice", "wonderland")
        .allocate();
    assertThat(old.refresh(600).isSuccess()).isTrue();
    assertThatThrownBy(() -> before.connect(address).startHandshake())
        .isInstanceOf(IOException.class);
  }

  @Test
  void section_3_1_an_allocation_ends_with_its_connection() throws Exception {
    TurnServer server = opened(TurnServer.start(settings().build()));
    StreamWire wire = tcp(server);
    new TurnClient(wire, "alice", "wonderland").allocate();
    assertThat(server.statistics().total().allocations()).isOne();
    wire.close();
    assertThat(server.drain(Duration.ofSeconds(5))).isTrue();
    assertThat(server.statistics().relayedPorts()).isZero();
  }

  @Test
  void what_is_counted_stands_under_the_clients_transport() throws IOException {
    TurnServer server = opened(TurnServer.start(settings().build()));
    TurnClient alice = new TurnClient(tcp(server), "alice", "wonderland");
    TurnClient bob =
        new TurnClient(opened(new UdpWire(server.boundAddress())), "alice", "wonderland");
    InetSocketAddress ofAlice = alice.allocate();
    InetSocketAddress ofBob = bob.allocate();
    assertThat(alice.permit(ofBob).isSuccess()).isTrue();
    assertThat(bob.permit(ofAlice).isSuccess()).isTrue();
    alice.sendTo(ofBob, "hello");
    assertThat(bob.expectDataFrom(ofAlice)).isEqualTo("hello");
    alice.sendOn(0x4001, "on no channel");
    assertThat(alice.refresh(600).isSuccess()).isTrue(); // so what came before has been counted

    TurnStatistics statistics = server.statistics();
    TransportStatistics tcp = statistics.of(ClientTransport.TCP);
    TransportStatistics udp = statistics.of(ClientTransport.UDP);
    assertThat(List.of(tcp.allocations(), udp.allocations())).containsExactly(1, 1);
    assertThat(List.of(tcp.bytesToPeers(), udp.bytesToPeers())).containsExactly(5L, 0L);
    assertThat(List.of(tcp.bytesToClients(), udp.bytesToClients())).containsExactly(0L, 5L);
    assertThat(List.of(tcp.challenges(), udp.challenges())).containsExactly(1L, 1L);
    assertThat(tcp.drops()).containsEntry(DropReason.NO_CHANNEL, 1L);
    assertThat(udp.drops()).containsEntry(DropReason.NO_CHANNEL, 0L);
    assertThat(statistics.of(ClientTransport.TLS).allocationsStarted()).isZero();
    assertThat(statistics.total().allocations()).isEqualTo(2);
  }

  @Test
  void messages_may_arrive_in_any_pieces() throws IOException {
    TurnServer server = opened(TurnServer.start(settings().build()));
    StreamWire wire = tcp(server);
    TurnClient alice = new TurnClient(wire, "alice", "wonderland");
    byte[] binding = alice.plain(MessageType.BINDING_REQUEST, UnaryOperator.identity());
    for (byte each : binding) {
      wire.sendRaw(new byte[] {each});
    }
    assertThat(alice.expectMessage().isSuccess()).isTrue();
    byte[] three = new byte[3 * binding.length];
    for (int i = 0; i < 3; i++) {
      System.arraycopy(binding, 0, three, i * binding.length, binding.length);
    }
    wire.sendRaw(three);
    for (int i = 0; i < 3; i++) {
      assertThat(alice.expectMessage().isSuccess()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "SSH-2.0-client\r\n",
        "\u0000\u0001\u0000\u0003xxxx",
        "\u0080abc"
      })
  void a_stream_that_is_not_stun_is_closed(String text) throws IOException {
    TurnServer server = opened(TurnServer.start(settings().build()));
    StreamWire wire = tcp(server);
    wire.sendRaw(text.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(wire.isClosedByServer()).isTrue();
  }

  @Test
  void a_connection_that_says_nothing_whole_is_closed_and_one_with_an_allocation_is_not()
      throws Exception {
    TurnServer server =
        opened(TurnServer.start(settings().idleConnectionTimeout(Duration.ofMillis(200)).build()));
    TurnClient busy = new TurnClient(tcp(server), "alice", "wonderland");
    busy.allocate();
    StreamWire silent = tcp(server);
    StreamWire slow = tcp(server);
    slow.sendRaw(new byte[] {0, 1});
    assertThat(silent.isClosedByServer()).isTrue();
    assertThat(slow.isClosedByServer()).isTrue();
    assertThat(busy.refresh(600).isSuccess()).isTrue();
  }

  @Test
  void a_source_may_not_hold_more_than_its_share_of_connections() throws IOException {
    TurnServer server = opened(TurnServer.start(settings().connections(2, 100).build()));
    StreamWire first = tcp(server);
    StreamWire second = tcp(server);
    new TurnClient(first, "alice", "wonderland").greet();
    new TurnClient(second, "alice", "wonderland").greet();
    assertThat(tcp(server).isClosedByServer()).isTrue();
    assertThat(server.statistics().total().drops()).containsEntry(DropReason.CONNECTION_LIMIT, 1L);
  }

  @Test
  void a_taken_tcp_port_is_one_clear_error() {
    TurnServer server = opened(TurnServer.start(settings().build()));
    InetSocketAddress taken = server.boundTcpAddresses().getFirst();
    TurnSettings same = settings().listenTcp(taken).build();
    assertThatThrownBy(() -> TurnServer.start(same))
        .isInstanceOf(TurnServerException.class)
        .hasMessageStartingWith("cannot listen on TCP 127.0.0.1 port " + taken.getPort() + ": ");
  }

  private static void talk(TurnClient alice, TurnClient bob) {
    InetSocketAddress ofAlice = alice.allocate();
    InetSocketAddress ofBob = bob.allocate();
    assertThat(alice.bind(0x4000, ofBob).isSuccess()).isTrue();
    assertThat(bob.permit(ofAlice).isSuccess()).isTrue();
    for (String data : List.of("1", "22", "333", "4444", "x".repeat(1201))) {
      alice.sendOn(0x4000, data);
      assertThat(bob.expectDataFrom(ofAlice)).isEqualTo(data);
      bob.sendTo(ofAlice, data);
      assertThat(alice.expectDataOn(0x4000)).isEqualTo(data);
    }
  }

  private static TurnSettings.Builder settings() {
    return TurnSettings.builder()
        .listen(ANY_PORT)
        .listenTcp(ANY_PORT)
        .eventLoops(2)
        .users(Map.of("alice", "wonderland"));
  }

  private StreamWire tcp(TurnServer server) throws IOException {
    InetSocketAddress address = server.boundTcpAddresses().getFirst();
    return opened(new StreamWire(new Socket(address.getAddress(), address.getPort())));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }
}
