package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sotto.turn.netty.Transport;
import dev.sotto.turn.peer.HostPorts;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.UdpWire;
import dev.sotto.turn.testkit.VirtualClock;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A server on real loopback sockets")
@Timeout(30)
class TurnServerTest {
  private static final String SECRET = "a shared secret";
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void two_clients_talk_through_their_relayed_addresses_with_default_settings(Transport transport) {
    TurnServer server =
        opened(
            TurnServer.start(
                settings().build(), TurnClock.system(), new SecureRandom(), transport));
    TurnClient alice = client(server);
    TurnClient bob = client(server);
    InetSocketAddress ofAlice = alice.allocate();
    InetSocketAddress ofBob = bob.allocate();
    assertThat(alice.permit(ofBob).isSuccess()).isTrue();
    assertThat(bob.permit(ofAlice).isSuccess()).isTrue();

    alice.sendTo(ofBob, "hello bob");
    assertThat(bob.expectDataFrom(ofAlice)).isEqualTo("hello bob");
    assertThat(bob.bind(0x4000, ofAlice).isSuccess()).isTrue();
    assertThat(alice.bind(0x4001, ofBob).isSuccess()).isTrue();
    for (String data : List.of("1", "22", "333", "x".repeat(1200), "y".repeat(2000))) {
      bob.sendOn(0x4000, data);
      assertThat(alice.expectDataOn(0x4001)).isEqualTo(data);
      alice.sendOn(0x4001, data);
      assertThat(bob.expectDataOn(0x4000)).isEqualTo(data);
    }
    assertThat(server.statistics().total().allocations()).isEqualTo(2);
    assertThat(server.statistics().relayedPorts()).isEqualTo(2);
    assertThat(server.statistics().total().bytesToPeers()).isPositive();
  }

  @Test
  void clients_on_every_event_loop_reach_each_other() {
    TurnServer server = opened(TurnServer.start(settings().eventLoops(4).build()));
    List<TurnClient> clients = new ArrayList<>();
    List<InetSocketAddress> relayed = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      clients.add(client(server));
      relayed.add(clients.get(i).allocate());
    }
    for (int i = 0; i < 16; i++) {
      int next = (i + 1) % 16;
      clients.get(i).permit(relayed.get(next));
      clients.get(next).permit(relayed.get(i));
      clients.get(i).sendTo(relayed.get(next), "from " + i);
      assertThat(clients.get(next).expectDataFrom(relayed.get(i))).isEqualTo("from " + i);
    }
    assertThat(server.statistics().total().allocations()).isEqualTo(16);
  }

  /** The router in front need not send packets for the external address back inside. */
  @Test
  void clients_behind_the_servers_own_nat_reach_each_other_by_its_external_address() {
    InetAddress external = InetAddress.ofLiteral("198.51.100.77");
    TurnServer server =
        opened(
            TurnServer.start(
                settings()
                    .eventLoops(2)
                    .relays(List.of(new RelayAddress(LOOPBACK, external)))
                    .build()));
    for (int i = 0; i < 8; i++) {
      TurnClient alice = client(server);
      TurnClient bob = client(server);
      InetSocketAddress ofAlice = alice.allocate();
      InetSocketAddress ofBob = bob.allocate();
      assertThat(ofAlice.getAddress()).isEqualTo(external);
      alice.permit(ofBob);
      bob.permit(ofAlice);
      alice.sendTo(ofBob, "hello");
      assertThat(bob.expectDataFrom(ofAlice)).isEqualTo("hello");
    }
  }

  @Test
  void a_port_reserved_on_one_event_loop_is_redeemed_on_any_other() {
    TurnServer server = opened(TurnServer.start(settings().eventLoops(4).build()));
    for (int i = 0; i < 12; i++) {
      TurnClient first = client(server);
      first.greet();
      byte[] token =
          first
              .allocate(it -> it.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}))
              .bytes(AttributeType.RESERVATION_TOKEN);
      TurnClient second = client(server);
      second.greet();
      assertThat(
              second.allocate(it -> it.bytes(AttributeType.RESERVATION_TOKEN, token)).isSuccess())
          .isTrue();
    }
    assertThat(server.statistics().reservations()).isZero();
    assertThat(server.statistics().relayedPorts()).isEqualTo(24);
  }

  @Test
  void a_reserved_port_cannot_be_taken_by_another_program() {
    TurnServer server = opened(TurnServer.start(settings().build()));
    TurnClient client = client(server);
    client.greet();
    var answer = client.allocate(it -> it.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}));
    InetSocketAddress relayed = answer.address(AttributeType.XOR_RELAYED_ADDRESS);
    InetSocketAddress reserved = new InetSocketAddress(relayed.getAddress(), relayed.getPort() + 1);

    assertThatThrownBy(() -> new DatagramSocket(reserved).close())
        .isInstanceOf(BindException.class);
  }

  @Test
  void a_peer_that_the_composition_root_opens_is_reached_and_any_other_port_is_not() {
    TurnServer server = opened(TurnServer.start(settings().build()));
    UdpWire media = opened(new UdpWire(server.boundAddress()));
    UdpWire secret = opened(new UdpWire(server.boundAddress()));
    HostPorts.Registration registration = opened(server.hostPorts().open(media.localAddress()));
    TurnClient alice = client(server);
    InetSocketAddress relayed = alice.allocate();
    alice.permit(media.localAddress());

    alice.sendTo(secret.localAddress(), "probe");
    alice.sendTo(media.localAddress(), "media");
    assertThat(media.receive())
        .hasValueSatisfying(data -> assertThat(text(data)).isEqualTo("media"));
    secret.sendTo(relayed, "inject".getBytes(StandardCharsets.US_ASCII));
    media.sendTo(relayed, "reply".getBytes(StandardCharsets.US_ASCII));
    assertThat(alice.expectDataFrom(media.localAddress())).isEqualTo("reply");
    registration.close();
    assertThat(alice.bind(0x4000, media.localAddress()).errorCode()).isEqualTo(403);
    assertThat(server.statistics().total().drops()).containsEntry(DropReason.PEER_REFUSED, 2L);
  }

  @Test
  void ephemeral_credentials_issued_elsewhere_are_accepted() {
    TurnServer server = opened(TurnServer.start(settings().build()));
    EphemeralCredentials.Issued issued =
        new EphemeralCredentials(SECRET, TurnClock.system())
            .issue("carol@example.org", Duration.ofHours(1));
    client(server).as(issued.username(), issued.password()).allocate();
    assertThat(issued.username())
        .isEqualTo(issued.expiresAt().getEpochSecond() + ":carol@example.org");
    assertThat(issued.toString()).doesNotContain(issued.password());
  }

  @Test
  void a_datagram_longer_than_any_path_carries_is_dropped_not_cut() {
    TurnServer server = opened(TurnServer.start(settings().build()));
    TurnClient alice = client(server);
    UdpWire peer = opened(new UdpWire(server.boundAddress()));
    opened(server.hostPorts().open(peer.localAddress()));
    InetSocketAddress relayed = alice.allocate();
    alice.bind(0x4000, peer.localAddress());

    peer.sendTo(relayed, new byte[3000]);
    peer.sendTo(relayed, "short".getBytes(StandardCharsets.US_ASCII));
    assertThat(alice.expectDataOn(0x4000)).isEqualTo("short");
    assertThat(server.statistics().total().drops()).containsEntry(DropReason.OVERSIZED, 1L);
  }

  @Test
  void a_taken_port_is_one_clear_error_even_when_the_other_server_shares_its_port() {
    TurnServer server = opened(TurnServer.start(settings().eventLoops(2).build()));
    int port = server.boundAddress().getPort();
    TurnSettings same = settings().listen(server.boundAddress()).eventLoops(2).build();

    assertThatThrownBy(() -> TurnServer.start(same))
        .isInstanceOf(TurnServerException.class)
        .hasMessageStartingWith("cannot listen on UDP 127.0.0.1 port " + port + ": ");
  }

  @Test
  void an_address_of_another_host_is_one_clear_error() {
    TurnSettings elsewhere =
        settings()
            .listen(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 0))
            .eventLoops(1)
            .build();
    assertThatThrownBy(() -> TurnServer.start(elsewhere))
        .isInstanceOf(TurnServerException.class)
        .hasMessageStartingWith("cannot listen on UDP 192.0.2.1 port 0: ");
  }

  @Test
  void closing_frees_every_port_and_may_be_done_twice() {
    TurnServer server = TurnServer.start(settings().build());
    InetSocketAddress address = server.boundAddress();
    InetSocketAddress relayed = client(server).allocate();
    server.close();
    server.close();

    assertThat(server.statistics().total().allocations()).isZero();
    assertThat(server.statistics().relayedPorts()).isZero();
    opened(
        TurnServer.start(
            settings().listen(address).relayPorts(relayed.getPort(), relayed.getPort()).build()));
  }

  @Test
  void a_server_listens_on_ipv4_and_ipv6_at_once_and_relays_on_both() {
    TurnSettings both =
        settings()
            .listen(
                new InetSocketAddress(LOOPBACK, 0),
                new InetSocketAddress(InetAddress.ofLiteral("::1"), 0))
            .build();
    TurnServer server = opened(TurnServer.start(both));
    TurnClient over6 =
        new TurnClient(opened(new UdpWire(server.boundAddresses().get(1))), "alice", "wonderland");
    over6.greet();
    List<InetSocketAddress> relayed =
        over6
            .allocate(it -> it.unsignedInt(AttributeType.ADDITIONAL_ADDRESS_FAMILY, 2L << 24))
            .addresses(AttributeType.XOR_RELAYED_ADDRESS);
    assertThat(relayed)
        .extracting(InetSocketAddress::getAddress)
        .containsExactly(LOOPBACK, InetAddress.ofLiteral("::1"));

    TurnClient over4 = client(server);
    over4.greet();
    InetSocketAddress six =
        over4
            .allocate(it -> it.unsignedInt(AttributeType.REQUESTED_ADDRESS_FAMILY, 2L << 24))
            .address(AttributeType.XOR_RELAYED_ADDRESS);
    over4.permit(relayed.get(1));
    over6.permit(six);
    over4.sendTo(relayed.get(1), "four to six");
    assertThat(over6.expectDataFrom(six)).isEqualTo("four to six");
  }

  @Test
  void a_flood_of_unauthenticated_and_broken_datagrams_leaves_the_server_serving() {
    TurnServer server = opened(TurnServer.start(settings().build()));
    TurnClient flood = client(server);
    Random random = new Random(1);
    for (int i = 0; i < 5000; i++) {
      byte[] garbage = new byte[random.nextInt(64)];
      random.nextBytes(garbage);
      flood.send(garbage);
      flood.send(flood.plain(MessageType.REFRESH_REQUEST, UnaryOperator.identity()));
      if (i % 20 == 0) {
        flood.awaitQuiet(); // the kernel would drop what a slow server has not read, and prove
        // nothing
      }
    }
    assertThat(server.statistics().total().allocations()).isZero();
    client(server).allocate();
    assertThat(server.statistics().relayedPorts()).isOne();
  }

  /** From an address that is not loopback, which has no budget since nobody can forge it. */
  @Test
  void a_source_has_one_budget_however_many_event_loops_there_are() throws Exception {
    Optional<InetAddress> outside =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
            .findFirst();
    assumeTrue(outside.isPresent(), "this host has no IPv4 address but loopback's");
    VirtualClock clock = new VirtualClock();
    TurnServer server =
        opened(
            TurnServer.start(
                settings()
                    .listen(new InetSocketAddress(outside.get(), 0))
                    .eventLoops(8)
                    .unauthenticatedResponsesPerSecond(1)
                    .build(),
                clock,
                new SecureRandom()));
    int requests = 200;
    for (int port = 0; port < requests; port++) {
      try (UdpWire wire = new UdpWire(outside.get(), server.boundAddresses().getLast())) {
        TurnClient stranger = new TurnClient(wire, "alice", "guess");
        stranger.send(stranger.plain(MessageType.BINDING_REQUEST, UnaryOperator.identity()));
      }
    }
    TransportStatistics counted = server.statistics().total();
    while (counted.bindingResponses() + counted.drops().get(DropReason.RESPONSE_BUDGET)
        < requests) {
      Thread.onSpinWait();
      counted = server.statistics().total();
    }

    assertThat(counted.bindingResponses()).as("a burst of two").isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65_536, -1})
  void settings_out_of_range_are_refused_by_name(int port) {
    assertThatThrownBy(() -> TurnSettings.builder().relayPorts(port, port).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("relay ports");
    assertThatThrownBy(() -> TurnSettings.builder().realm("").build())
        .hasMessageContaining("realm");
    assertThatThrownBy(() ->
            TurnSettings.builder()
                .listen(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 3478))
                .build())
        .hasMessageContaining("relays");
  }

  private static TurnSettings.Builder settings() {
    return TurnSettings.builder()
        .listen(new InetSocketAddress(LOOPBACK, 0))
        .eventLoops(2)
        .users(Map.of("alice", "wonderland"))
        .sharedSecrets(List.of(SECRET));
  }

  private TurnClient client(TurnServer server) {
    return new TurnClient(opened(new UdpWire(server.boundAddress())), "alice", "wonderland");
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }

  private static String text(byte[] data) {
    return new String(data, StandardCharsets.US_ASCII);
  }
}
