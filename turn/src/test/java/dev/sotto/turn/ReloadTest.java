package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.turn.peer.Cidr;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.testkit.DtlsWire;
import dev.sotto.turn.testkit.Message;
import dev.sotto.turn.testkit.TestTls;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.UdpWire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Settings reloaded under live allocations")
@Timeout(30)
class ReloadTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void users_change_and_who_is_out_loses_the_allocation_at_the_next_refresh_not_before() {
    TurnServer server = opened(TurnServer.start(settings().build()));
    TurnClient alice = client(server);
    TurnClient bob = client(server).as("bob", "builder");
    InetSocketAddress ofAlice = alice.allocate();
    InetSocketAddress ofBob = bob.allocate();
    alice.permit(ofBob);
    bob.permit(ofAlice);

    server.reload(settings().users(Map.of("bob", "builder", "carol", "c")).build());
    alice.sendTo(ofBob, "still here");
    assertThat(bob.expectDataFrom(ofAlice)).isEqualTo("still here");
    assertThat(bob.refresh(600).isSuccess()).isTrue();
    client(server).as("carol", "c").allocate();
    assertThat(alice.refresh(600).errorCode()).isEqualTo(401);
    assertThat(server.statistics().total().allocations()).isEqualTo(3);
  }

  @Test
  void shared_secrets_rotate() {
    TurnServer server = opened(TurnServer.start(settings().sharedSecrets(List.of("old")).build()));
    TurnClient early = withSecret(server, "old");
    early.allocate();
    server.reload(settings().sharedSecrets(List.of("new", "old")).build());
    assertThat(early.refresh(600).isSuccess()).isTrue();
    withSecret(server, "new").allocate();
    server.reload(settings().sharedSecrets(List.of("new")).build());
    assertThat(early.refresh(600).errorCode()).isEqualTo(401);
    withSecret(server, "new").allocate();
  }

  @Test
  void rfc_8489_section_10_a_server_that_is_about_to_drain_learns_where_to_send_clients()
      throws InterruptedException {
    TurnServer server = opened(TurnServer.start(settings().build()));
    client(server).allocate();
    TurnClient late = client(server);
    late.greet();
    InetSocketAddress other = new InetSocketAddress("198.51.100.2", 3478);
    server.reload(settings().alternateServer(other).build());

    assertThat(server.drain(Duration.ZERO)).isFalse();

    assertThat(late.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(300);
  }

  @Test
  void rfc_8489_section_9_2_a_first_shared_secret_changes_what_nonces_announce() {
    TurnServer server = opened(TurnServer.start(settings().build()));
    TurnClient alice = client(server);
    alice.allocate();
    server.reload(settings().sharedSecrets(List.of("first")).build());
    Message stale = alice.refresh(600);
    assertThat(stale.errorCode()).as("the nonce promised user names by hash").isEqualTo(438);
    alice.withNonce(stale.text(AttributeType.REALM), stale.bytes(AttributeType.NONCE));
    assertThat(alice.refresh(600).isSuccess()).isTrue();
  }

  @Test
  void permissions_that_the_lists_refuse_now_end_on_every_event_loop() {
    TurnSettings.Builder allowing =
        settings().eventLoops(4).allowPeers(List.of(Cidr.parse("127.0.0.1")));
    TurnServer server = opened(TurnServer.start(allowing.build()));
    UdpWire peer = opened(new UdpWire(server.boundAddress()));
    List<TurnClient> clients = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      TurnClient client = client(server);
      client.allocate();
      assertThat(client.bind(0x4000, peer.localAddress()).isSuccess()).isTrue();
      clients.add(client);
    }
    server.reload(allowing.denyPeers(List.of(Cidr.parse("127.0.0.0/8"))).build());
    for (TurnClient client : clients) {
      client.sendOn(0x4000, "x");
      client.awaitQuiet();
      assertThat(client.permit(peer.localAddress()).errorCode()).isEqualTo(403);
    }
    assertThat(server.statistics().total().drops()).containsEntry(DropReason.NO_PERMISSION, 12L);

    server.reload(allowing.denyPeers(List.of()).build());
    assertThat(clients.getFirst().permit(peer.localAddress()).isSuccess()).isTrue();
    clients.getFirst().sendOn(0x4000, "again");
    assertThat(peer.receive())
        .hasValueSatisfying(data -> assertThat(data).asString().isEqualTo("again"));
  }

  @Test
  void a_users_quota_of_permissions_is_one_for_all_event_loops_and_refused_ones_leave_it() {
    TurnSettings.Builder allowing =
        settings()
            .eventLoops(4)
            .permissionQuotas(10, 100)
            .allowPeers(List.of(Cidr.parse("127.0.0.1")));
    TurnServer server = opened(TurnServer.start(allowing.build()));
    UdpWire peer = opened(new UdpWire(server.boundAddress()));
    List<TurnClient> clients = new ArrayList<>();
    int granted = 0;
    for (int i = 0; i < 16; i++) {
      TurnClient client = client(server);
      client.allocate();
      granted += client.permit(peer.localAddress()).isSuccess() ? 1 : 0;
      clients.add(client);
    }
    assertThat(granted).isEqualTo(10);
    assertThat(server.statistics().permissions()).isEqualTo(10);
    assertThat(server.statistics().total().drops()).containsEntry(DropReason.USER_PERMISSIONS, 6L);

    server.reload(allowing.denyPeers(List.of(Cidr.parse("127.0.0.0/8"))).build());
    assertThat(server.statistics().permissions()).isZero();
    server.reload(allowing.denyPeers(List.of()).build());
    assertThat(clients.getLast().permit(peer.localAddress()).isSuccess()).isTrue();
    assertThat(clients.getLast().refresh(0).isSuccess()).isTrue();
    assertThat(server.statistics().permissions()).isZero();
  }

  @Test
  void a_permission_that_an_allow_list_no_longer_makes_whole_is_for_open_ports_only() {
    TurnSettings.Builder allowing = settings().allowPeers(List.of(Cidr.parse("127.0.0.1")));
    TurnServer server = opened(TurnServer.start(allowing.build()));
    UdpWire open = opened(new UdpWire(server.boundAddress()));
    UdpWire closed = opened(new UdpWire(server.boundAddress()));
    opened(server.hostPorts().open(open.localAddress()));
    TurnClient alice = client(server);
    alice.allocate();
    alice.permit(closed.localAddress());
    server.reload(settings().build());
    alice.sendTo(closed.localAddress(), "probe");
    alice.sendTo(open.localAddress(), "media");
    assertThat(open.receive()).isPresent();
    assertThat(server.statistics().total().drops()).containsEntry(DropReason.PEER_REFUSED, 1L);
  }

  @Test
  void new_allocations_are_told_the_new_external_address_and_old_ones_keep_theirs() {
    InetAddress before = InetAddress.ofLiteral("203.0.113.1");
    InetAddress after = InetAddress.ofLiteral("203.0.113.2");
    TurnServer server =
        opened(
            TurnServer.start(
                settings().relays(List.of(new RelayAddress(LOOPBACK, before))).build()));
    TurnClient early = client(server);
    assertThat(early.allocate().getAddress()).isEqualTo(before);
    server.reload(settings().relays(List.of(new RelayAddress(LOOPBACK, after))).build());
    InetSocketAddress late = client(server).allocate();
    assertThat(late.getAddress()).isEqualTo(after);
    assertThat(early.permit(late).isSuccess()).as("an own address with open ports").isTrue();
    assertThat(early.refresh(600).isSuccess()).isTrue();
    assertThat(server.statistics().relayedPorts()).isEqualTo(2);
  }

  @Test
  void the_tls_identity_changes_and_one_that_cannot_be_used_changes_nothing() throws Exception {
    TestTls before = new TestTls();
    TestTls after = new TestTls();
    TurnServer server =
        opened(TurnServer.start(settings().listenDtls(before.identity(), ANY_PORT).build()));
    server.reload(settings().listenDtls(after.identity(), ANY_PORT).build());
    assertThat(shownBy(server)).isEqualTo(after.certificate());

    TurnTls unusable =
        new TurnTls(
            KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate(),
            before.identity().chain());
    TurnSettings wrong = settings().users(Map.of()).listenDtls(unusable, ANY_PORT).build();
    assertThatThrownBy(() -> server.reload(wrong)).isInstanceOf(TurnServerException.class);
    assertThat(shownBy(server)).isEqualTo(after.certificate());
    client(server).allocate();
  }

  /** Both live on this server, and the router in front need not turn packets around. */
  @Test
  void clients_from_before_and_after_a_change_of_the_external_address_reach_each_other() {
    TurnServer server = opened(TurnServer.start(externally("198.51.100.77")));
    TurnClient early = client(server);
    InetSocketAddress ofEarly = early.allocate();
    server.reload(externally("198.51.100.78"));
    TurnClient late = client(server);
    InetSocketAddress ofLate = late.allocate();
    assertThat(early.permit(ofLate).isSuccess()).isTrue();
    assertThat(late.permit(ofEarly).isSuccess()).isTrue();

    early.sendTo(ofLate, "hello");
    assertThat(late.expectDataFrom(ofEarly)).isEqualTo("hello");
  }

  /** The addresses are global unicast, so that nothing else refuses them. */
  @Test
  void an_address_that_has_led_here_stays_this_hosts_own_whatever_is_reloaded() {
    TurnServer server = opened(TurnServer.start(externally("9.9.9.1")));
    server.reload(externally("9.9.9.2"));
    TurnClient alice = client(server);
    InetSocketAddress ofAlice = alice.allocate();
    InetSocketAddress ssh = new InetSocketAddress(ofAlice.getAddress(), 22);
    assertThat(alice.permit(ssh).isSuccess()).isTrue();

    server.reload(externally("9.9.9.3"));
    alice.sendTo(ssh, "to a port that is not open");
    assertThat(alice.refresh(600).isSuccess()).isTrue(); // so what came before has been judged

    assertThat(server.statistics().total().drops()).containsEntry(DropReason.PEER_REFUSED, 1L);
  }

  @Test
  void users_that_cannot_be_used_change_nothing() throws Exception {
    TestTls before = new TestTls();
    TestTls after = new TestTls();
    TurnServer server =
        opened(TurnServer.start(settings().listenDtls(before.identity(), ANY_PORT).build()));
    TurnSettings wrong =
        settings()
            .users(Map.of("bad\u0001name", "x"))
            .listenDtls(after.identity(), ANY_PORT)
            .build();

    assertThatThrownBy(() -> server.reload(wrong)).isInstanceOf(IllegalArgumentException.class);
    assertThat(shownBy(server)).isEqualTo(before.certificate());
  }

  @Test
  void settings_that_take_a_new_server_stay_as_they_are() {
    TurnServer server = opened(TurnServer.start(settings().build()));
    TurnSettings wanted =
        settings()
            .realm("another")
            .quotas(1, 1)
            .relays(List.of(RelayAddress.of(InetAddress.ofLiteral("::1"))))
            .build();
    server.reload(wanted);
    client(server).allocate();
    client(server).allocate();
  }

  private static TurnSettings externally(String address) {
    return settings()
        .relays(List.of(new RelayAddress(LOOPBACK, InetAddress.ofLiteral(address))))
        .build();
  }

  private byte[] shownBy(TurnServer server) throws Exception {
    return opened(new DtlsWire(server.boundDtlsAddresses().getFirst())).serverCertificate();
  }

  private TurnClient withSecret(TurnServer server, String secret) {
    EphemeralCredentials.Issued issued =
        new EphemeralCredentials(secret, TurnClock.system()).issue("dora", Duration.ofHours(1));
    return client(server).as(issued.username(), issued.password());
  }

  private static TurnSettings.Builder settings() {
    return TurnSettings.builder()
        .listen(ANY_PORT)
        .eventLoops(2)
        .users(Map.of("alice", "wonderland", "bob", "builder"));
  }

  private TurnClient client(TurnServer server) {
    return new TurnClient(opened(new UdpWire(server.boundAddress())), "alice", "wonderland");
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }
}
