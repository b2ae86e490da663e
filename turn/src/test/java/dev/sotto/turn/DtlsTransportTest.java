package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sotto.turn.netty.Transport;
import dev.sotto.turn.testkit.DtlsWire;
import dev.sotto.turn.testkit.TestTls;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.UdpWire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("RFC 7350: DTLS between client and server")
@Timeout(60)
class DtlsTransportTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
  private static final int COOKIE_REQUEST = 3;
  private static final int MESSAGE_TYPE_OFFSET = 13;
  private static final int RECORD_HEADER_BYTES = 13;
  private static final int DTLS_1_2 = 0xFEFD;
  private static final int HANDSHAKE = 22;
  private static final int APPLICATION_DATA = 23;
  private static final int HELLO_REQUEST = 0;
  private static final int CLIENT_HELLO = 1;
  private static final int CERTIFICATE = 11;
  private static final int FINISHED = 20;

  private static TestTls tls;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeAll
  static void makeCertificate() throws Exception {
    tls = new TestTls();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void rfc_7350_clients_over_dtls_and_udp_talk_to_each_other(Transport transport) throws Exception {
    TurnServer server =
        opened(
            TurnServer.start(
                settings().build(), TurnClock.system(), new SecureRandom(), transport));
    DtlsWire wire = dtls(server);
    assertThat(wire.protocolName()).as("RFC 7443").isEqualTo("stun.turn");
    TurnClient alice = new TurnClient(wire, "alice", "wonderland");
    TurnClient bob = udp(server);
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

  @Test
  void a_server_with_an_rsa_key_serves_dtls_too() throws Exception {
    TestTls rsa = new TestTls("-keyalg", "RSA", "-keysize", "2048");
    TurnServer server =
        opened(TurnServer.start(settings().listenDtls(rsa.identity(), ANY_PORT).build()));
    new TurnClient(dtls(server), "alice", "wonderland").allocate();
  }

  @Test
  void rfc_6347_section_4_2_1_a_client_without_cookie_gets_one_and_no_more_than_it_sent() {
    TurnServer server = opened(TurnServer.start(settings().build()));
    UdpWire wire = opened(new UdpWire(server.boundDtlsAddresses().getFirst()));
    byte[] hello = DtlsWire.clientHello();
    wire.send(hello);
    byte[] answer = wire.receive().orElseThrow();
    assertThat(answer[MESSAGE_TYPE_OFFSET]).isEqualTo((byte) COOKIE_REQUEST);
    assertThat(answer).hasSizeLessThanOrEqualTo(hello.length);
    wire.send(hello);
    assertThat(cookie(wire.receive().orElseThrow()))
        .as("stateless: the same hello from the same address gets the same cookie")
        .isEqualTo(cookie(answer));
    UdpWire elsewhere = opened(new UdpWire(server.boundDtlsAddresses().getFirst()));
    elsewhere.send(hello);
    assertThat(cookie(elsewhere.receive().orElseThrow()))
        .as("a cookie is worth something from one address only")
        .isNotEqualTo(cookie(answer));
  }

  @Test
  void rfc_6347_section_4_2_4_a_lost_last_flight_is_sent_again_by_the_event_loop()
      throws Exception {
    TurnServer server = opened(TurnServer.start(settings().build()));
    DtlsWire wire = opened(DtlsWire.losingTheLastFlight(server.boundDtlsAddresses().getFirst()));
    new TurnClient(wire, "alice", "wonderland").allocate();
  }

  @Test
  void sources_that_have_not_returned_a_cookie_take_nobodys_place() throws Exception {
    TurnServer server = opened(TurnServer.start(settings().connections(1, 1).build()));
    byte[] hello = DtlsWire.clientHello();
    for (int i = 0; i < 200; i++) {
      try (UdpWire stranger = new UdpWire(server.boundDtlsAddresses().getFirst())) {
        stranger.send(hello);
        assertThat(stranger.receive()).isPresent();
      }
    }
    new TurnClient(dtls(server), "alice", "wonderland").allocate();
  }

  /** On one event loop, which sees what comes in the order in which it was sent. */
  @Test
  void a_source_may_not_hold_more_than_its_share_of_sessions() throws Exception {
    TurnServer server =
        opened(TurnServer.start(settings().eventLoops(1).connections(1, 100).build()));
    DtlsWire first = dtls(server);
    try (UdpWire refused = new UdpWire(server.boundDtlsAddresses().getFirst())) {
      DtlsWire.stall(refused);
    }
    first.close();
    new TurnClient(dtls(server), "alice", "wonderland").allocate();
    assertThat(server.statistics().total().drops().get(DropReason.CONNECTION_LIMIT)).isPositive();
  }

  @Test
  void handshakes_that_stall_are_limited_in_number_and_keep_nobody_else_waiting() {
    TurnServer server = opened(TurnServer.start(settings().eventLoops(1).build()));
    TurnClient alice = udp(server);
    alice.allocate();
    for (int i = 0; i < 200; i++) {
      try (UdpWire stalling = new UdpWire(server.boundDtlsAddresses().getFirst())) {
        DtlsWire.stall(stalling);
      }
    }
    assertThat(alice.refresh(600).isSuccess()).isTrue();
    assertThat(server.statistics().total().drops().get(DropReason.CONNECTION_LIMIT)).isPositive();
  }

  @Test
  void broken_and_foreign_datagrams_leave_the_listener_and_its_sessions_serving() throws Exception {
    TurnServer server = opened(TurnServer.start(settings().build()));
    DtlsWire wire = dtls(server);
    TurnClient alice = new TurnClient(wire, "alice", "wonderland");
    alice.allocate();
    UdpWire flood = opened(new UdpWire(server.boundDtlsAddresses().getFirst()));
    Random random = new Random(3);
    byte[] hello = DtlsWire.clientHello();
    for (int i = 0; i < 2000; i++) {
      byte[] broken = Arrays.copyOf(hello, 1 + random.nextInt(hello.length));
      broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
      flood.send(broken);
    }
    assertThat(alice.refresh(600).isSuccess()).isTrue();
    new TurnClient(dtls(server), "alice", "wonderland").allocate();
  }

  static Stream<Arguments> forgeries() {
    byte[] fragmentOf16Megabytes = new byte[46];
    Arrays.fill(fragmentOf16Megabytes, 1, 4, (byte) 0xFF);
    return Stream.of(
        arguments(
            "datagrams shorter than a record's header",
            IntStream.rangeClosed(1, 12).mapToObj(length -> Arrays.copyOf(record(1, 0), length))),
        arguments(
            "encrypted records too short to be decrypted",
            IntStream.rangeClosed(0, 12).mapToObj(length -> record(1, length))),
        arguments("a record that says it is longer than it is", Stream.of(truncated())),
        arguments("records of a version that does not exist", Stream.of(fefe(0), fefe(1))),
        arguments(
            "fragments of messages of 16 MB, alone and behind a record",
            IntStream.of(HELLO_REQUEST, CLIENT_HELLO, CERTIFICATE, FINISHED)
                .boxed()
                .flatMap(type ->
                    Stream.of(
                        fragment(type, Arrays.copyOf(fragmentOf16Megabytes, 12)),
                        fragment(type, fragmentOf16Megabytes),
                        joined(record(1, 64), fragment(type, fragmentOf16Megabytes))))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void forged_records_from_a_clients_address_leave_its_session_relaying(
      String what, Stream<byte[]> datagrams) throws Exception {
    TurnServer server = opened(TurnServer.start(settings().build()));
    DtlsWire wire = dtls(server);
    TurnClient alice = new TurnClient(wire, "alice", "wonderland");
    TurnClient bob = udp(server);
    InetSocketAddress ofAlice = alice.allocate();
    InetSocketAddress ofBob = bob.allocate();
    assertThat(alice.permit(ofBob).isSuccess()).isTrue();
    assertThat(bob.permit(ofAlice).isSuccess()).isTrue();
    for (byte[] datagram : datagrams.toList()) {
      wire.sendForged(datagram);
      alice.sendTo(ofBob, "there");
      assertThat(bob.expectDataFrom(ofAlice)).as(what).isEqualTo("there");
      bob.sendTo(ofAlice, "and back");
      assertThat(alice.expectDataFrom(ofBob)).as(what).isEqualTo("and back");
    }
    assertThat(server.statistics().total().allocationsStarted()).isEqualTo(2);
    assertThat(alice.refresh(600).isSuccess()).isTrue();
  }

  @Test
  void section_3_1_an_allocation_ends_with_its_session() throws Exception {
    TurnServer server = opened(TurnServer.start(settings().build()));
    DtlsWire wire = dtls(server);
    new TurnClient(wire, "alice", "wonderland").allocate();
    assertThat(server.statistics().total().allocations()).isOne();
    wire.close();
    assertThat(server.drain(Duration.ofSeconds(5))).isTrue();
    assertThat(server.statistics().relayedPorts()).isZero();
  }

  @Test
  void rfc_6347_section_4_2_8_a_client_that_lost_its_session_begins_anew_from_its_address()
      throws Exception {
    TurnServer server = opened(TurnServer.start(settings().build()));
    DtlsWire lost = dtls(server);
    new TurnClient(lost, "alice", "wonderland").allocate();
    int port = lost.localAddress().getPort();
    lost.vanish();
    DtlsWire again = opened(new DtlsWire(server.boundDtlsAddresses().getFirst(), port, 8000));
    new TurnClient(again, "alice", "wonderland").allocate();
    assertThat(server.statistics().total().allocations()).isOne();
    assertThat(server.statistics().total().allocationsStarted()).isEqualTo(2);
  }

  @Test
  void a_session_that_says_nothing_is_ended_and_one_with_an_allocation_is_not() throws Exception {
    TurnServer server =
        opened(TurnServer.start(settings().idleConnectionTimeout(Duration.ofSeconds(1)).build()));
    TurnClient busy = new TurnClient(dtls(server), "alice", "wonderland");
    busy.allocate();
    DtlsWire silent = dtls(server);
    assertThat(silent.receive()).as("the server says goodbye").isEmpty();
    assertThatThrownBy(() -> new TurnClient(silent, "alice", "wonderland").greet());
    assertThat(busy.refresh(600).isSuccess()).isTrue();
  }

  @Test
  void a_replaced_certificate_is_shown_to_new_sessions_and_old_ones_live_on() throws Exception {
    TestTls after = new TestTls();
    TurnServer server = opened(TurnServer.start(settings().build()));
    DtlsWire old = dtls(server);
    TurnClient alice = new TurnClient(old, "alice", "wonderland");
    alice.allocate();
    server.replaceTls(after.identity());
    assertThat(dtls(server).serverCertificate()).isEqualTo(after.certificate());
    assertThat(old.serverCertificate()).isEqualTo(tls.certificate());
    assertThat(alice.refresh(600).isSuccess()).isTrue();
  }

  @Test
  void closing_the_server_ends_sessions() throws Exception {
    TurnServer server = opened(TurnServer.start(settings().build()));
    DtlsWire wire = dtls(server);
    new TurnClient(wire, "alice", "wonderland").allocate();
    server.close();
    assertThat(server.statistics().total().allocations()).isZero();
    assertThat(server.statistics().relayedPorts()).isZero();
  }

  /** A record of application data of so many bytes, of an epoch that is encrypted or not. */
  private static byte[] record(int epoch, int bodyBytes) {
    return ByteBuffer.allocate(RECORD_HEADER_BYTES + bodyBytes)
        .put((byte) APPLICATION_DATA)
        .putShort((short) DTLS_1_2)
        .putShort((short) epoch)
        .putShort((short) 0)
        .putInt(1_000_000)
        .putShort((short) bodyBytes)
        .array();
  }

  private static byte[] truncated() {
    byte[] whole = record(1, 64);
    return Arrays.copyOf(whole, whole.length - 1);
  }

  private static byte[] fefe(int epoch) {
    byte[] record = record(epoch, 64);
    record[2] = (byte) 0xFE;
    return record;
  }

  /** A handshake record that is not encrypted, with one message of this type in it. */
  private static byte[] fragment(int type, byte[] message) {
    byte[] record = joined(record(0, 0), message);
    record[0] = HANDSHAKE;
    record[RECORD_HEADER_BYTES - 1] = (byte) message.length;
    record[MESSAGE_TYPE_OFFSET] = (byte) type;
    return record;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static byte[] cookie(byte[] helloVerifyRequest) {
    return Arrays.copyOfRange(helloVerifyRequest, 28, helloVerifyRequest.length);
  }

  private static TurnSettings.Builder settings() {
    try {
      return TurnSettings.builder()
          .listen(ANY_PORT)
          .listenDtls(tls.identity(), ANY_PORT)
          .eventLoops(2)
          .users(Map.of("alice", "wonderland"));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private TurnClient udp(TurnServer server) {
    return new TurnClient(opened(new UdpWire(server.boundAddress())), "alice", "wonderland");
  }

  private DtlsWire dtls(TurnServer server) throws IOException {
    return opened(new DtlsWire(server.boundDtlsAddresses().getFirst()));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }
}
