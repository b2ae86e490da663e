package dev.sotto.config;

import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.config.keys.DataDirectory;
import dev.sotto.config.keys.DevelopmentCertificate;
import dev.sotto.config.settings.HostName;
import dev.sotto.signalling.TlsIdentity;
import dev.sotto.turn.EphemeralCredentials;
import dev.sotto.turn.EphemeralCredentials.Issued;
import dev.sotto.turn.TurnClock;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.StunMessage;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sotto turn} in a process of its own, stopped and reloaded under live allocations. */
@Timeout(180)
class TurnProcessTest {

  private static final Pattern READY =
      Pattern.compile("Sotto turn is ready: turn:127\\.0\\.0\\.1:\\d+");
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final String NAME = "alice";
  private static final String PASSWORD = "wonderland";
  private static final String FORMER_SECRET = "a-secret-that-was-shared-before";
  private static final String NEWEST_SECRET = "a-secret-that-is-shared-from-now";
  private static final int FORBIDDEN = 403;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"192.0.2.7:3478, 300", "'', 508"})
  void sigtermTurnsNewClientsAwayAndWaitsForTheLastAllocationToEnd(
      String alternateServer, int errorCode) throws Exception {
    try (ServerProcess process =
            startTurn("drain-timeout=10m", "turn.alternate-server=" + alternateServer);
        TurnUser alice = userOverUdp(process);
        TurnUser late = userOverUdp(process);
        HttpClient client = HttpClient.newHttpClient();
        Peer peer = new Peer()) {
      InetSocketAddress relayed = alice.allocate();
      assertThat(alice.permit(peer.address())).satisfies(TurnProcessTest::isSuccess);
      talk(alice, relayed, peer);
      late.greet();

      process.terminate();
      process.awaitLogged("turn takes no new allocations");

      StunMessage turnedAway = late.askToAllocate();
      assertThat(TurnUser.errorCode(turnedAway)).isEqualTo(errorCode);
      assertThat(alternateOf(turnedAway)).isEqualTo(alternateServer);
      talk(alice, relayed, peer);
      assertThat(alice.refresh(600)).satisfies(TurnProcessTest::isSuccess);
      assertThat(process.status(client, "/health/ready")).isEqualTo(503);

      assertThat(alice.refresh(0)).satisfies(TurnProcessTest::isSuccess);
      assertThat(process.exitStatus()).isZero();
      assertThat(process.log()).contains("reason=deleted").doesNotContain("drain deadline reached");
    }
  }

  @Test
  void sigtermEndsAllocationsThatAreLeftAtTheDrainDeadline() throws Exception {
    try (ServerProcess process = startTurn("drain-timeout=5s");
        TurnUser alice = userOverUdp(process)) {
      alice.allocate();

      process.terminate();

      assertThat(process.exitStatus()).isZero();
      assertThat(process.log())
          .contains("drain deadline reached, allocations left: 1")
          .contains("reason=shutdown");
    }
  }

  @Test
  void sighupChangesSecretsCertificateAndListsUnderAnAllocationThatGoesOnRelaying()
      throws Exception {
    Path file = folder.resolve("sotto.yml");
    Files.writeString(
        file, "sotto: {turn: {secrets: [" + FORMER_SECRET + "], allow-peers: [127.0.0.1]}}");
    InetSocketAddress soonDenied = new InetSocketAddress("8.8.8.8", 53);
    try (ServerProcess process = startTurn(file);
        TurnUser alice = userWithSecret(process, FORMER_SECRET);
        TurnUser bob = userWithSecret(process, NEWEST_SECRET);
        Peer peer = new Peer()) {
      InetSocketAddress relayed = alice.allocate();
      assertThat(alice.permit(peer.address())).satisfies(TurnProcessTest::isSuccess);
      assertThat(alice.permit(soonDenied)).satisfies(TurnProcessTest::isSuccess);
      talk(alice, relayed, peer);
      TlsIdentity renewed = otherCertificate();

      Files.writeString(
          file,
          """
          sotto:
            tls: {certificate: %1$s, key: %1$s}
            turn:
              secrets: [%2$s, %3$s]
              allow-peers: [127.0.0.1]
              deny-peers: [8.8.8.0/24]
          """
              .formatted(folder.resolve("other/tls.pem"), NEWEST_SECRET, FORMER_SECRET));
      process.hangUp();
      process.awaitLogged("settings reloaded");

      talk(alice, relayed, peer);
      assertThat(alice.refresh(600)).satisfies(TurnProcessTest::isSuccess);
      assertThat(TurnUser.errorCode(alice.permit(soonDenied))).isEqualTo(FORBIDDEN);
      bob.allocate();
      try (SSLSocket socket = tlsTo(process)) {
        assertThat(socket.getSession().getPeerCertificates()[0])
            .isEqualTo(renewed.chain().getFirst());
      }
      talk(alice, relayed, peer);
    }
  }

  /** A pipe that nobody writes to stands for a file system or a name server without answer. */
  @Test
  void sigtermEndsAServerWhoseReloadHangs() throws Exception {
    Path file = folder.resolve("sotto.yml");
    Path pipe = folder.resolve("pipe.pem");
    Files.writeString(file, "sotto: {}");
    try (ServerProcess process = startTurn(file)) {
      Process holder =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  "mkfifo \"$0\" && echo made && exec 3>\"$0\" && echo opened && read _",
                  pipe.toString())
              .start();
      try (BufferedReader said = holder.inputReader()) {
        assertThat(said.readLine()).isEqualTo("made");
        Files.writeString(file, "sotto: {tls: {certificate: %1$s, key: %1$s}}".formatted(pipe));
        process.hangUp();
        // Reading a pipe cannot be interrupted, so the wait for it is bounded here.
        assertThat(supplyAsync(() -> said.lines().findFirst()))
            .as("the server reads the pipe; it was started with SIGHUP ignored if it does not")
            .succeedsWithin(Duration.ofMinutes(1))
            .isEqualTo(Optional.of("opened"));

        process.terminate();

        assertThat(process.exitStatus()).isZero();
        assertThat(process.log()).doesNotContain("settings reloaded");
      } finally {
        holder.destroyForcibly();
      }
    }
  }

  @Test
  void metricsCountAllocationsPacketsAndBytesOfEachTransport() throws Exception {
    try (ServerProcess process = startTurn();
        HttpClient client = HttpClient.newHttpClient();
        TurnUser overUdp = userOverUdp(process);
        TurnUser overTcp = TurnUser.over(tcpTo(process), NAME, PASSWORD);
        TurnUser overTls = TurnUser.over(tlsTo(process), NAME, PASSWORD);
        TurnUser overDtls = TurnUser.overDtls(process.turnAddress("dtls"), NAME, PASSWORD);
        Peer peer = new Peer()) {
      for (TurnUser user : List.of(overUdp, overTcp, overTls, overDtls)) {
        InetSocketAddress relayed = user.allocate();
        assertThat(user.permit(peer.address())).satisfies(TurnProcessTest::isSuccess);
        talk(user, relayed, peer);
        // What came before on this allocation's event loop has been counted when this is answered.
        assertThat(user.refresh(600)).satisfies(TurnProcessTest::isSuccess);
      }

      String metrics = process.page(client, "/metrics");

      for (String transport : List.of("udp", "tcp", "tls", "dtls")) {
        String label = "{transport=\"" + transport + "\"} ";
        assertThat(metrics)
            .contains("sotto_turn_allocations" + label + "1.0")
            .contains("sotto_turn_allocations_started_total" + label + "1.0")
            .contains("sotto_turn_packets_to_peers_total" + label + "1.0")
            .contains("sotto_turn_packets_to_clients_total" + label + "1.0")
            .contains("sotto_turn_bytes_to_peers_total" + label + "4.0")
            .contains("sotto_turn_bytes_to_clients_total" + label + "6.0");
      }
      assertThat(metrics).contains("sotto_turn_relayed_ports 4.0");
    }
  }

  @Test
  void clientsReachTheMediaPortOfARelayInTheSameProcessAndNoOtherPortOfTheHost() throws Exception {
    int mediaPort = freeUdpPort();
    try (ServerProcess process =
            ServerProcess.start(
                folder,
                "run",
                "--set",
                "turn.users=" + NAME + ":" + PASSWORD,
                "--set",
                "relay.event-loops=1",
                "--set",
                "relay.port=" + mediaPort);
        HttpClient client = HttpClient.newHttpClient()) {
      var _ = process.awaitReady(Pattern.compile("Sotto is ready: .*"));
      try (TurnUser alice = userOverUdp(process);
          Peer stranger = new Peer()) {
        var _ = alice.allocate();
        InetSocketAddress media = new InetSocketAddress(LOOPBACK, mediaPort);
        assertThat(alice.permit(media)).satisfies(TurnProcessTest::isSuccess);

        alice.send(stranger.address(), "not for you");
        alice.send(media, "for the relay");
        // What came before on this allocation's event loop has been handled when this is answered.
        assertThat(alice.refresh(600)).satisfies(TurnProcessTest::isSuccess);

        process.awaitPage(
            client, "/metrics", "sotto_relay_packets_received_total{worker=\"0\"} 1.0");
        assertThat(process.page(client, "/metrics"))
            .contains("sotto_turn_drops_total{reason=\"peer-refused\",transport=\"udp\"} 1.0");
      }
    }
  }

  private static int freeUdpPort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
      return socket.getLocalPort();
    }
  }

  /** Once to the peer and once back. */
  private static void talk(TurnUser user, InetSocketAddress relayed, Peer peer) throws IOException {
    user.send(peer.address(), "ping");
    assertThat(peer.receive()).isEqualTo("ping");
    peer.send(relayed, "answer");
    assertThat(user.receive()).isEqualTo("answer");
  }

  /** Address and port of an answer's ALTERNATE-SERVER (RFC 8489 section 14.15); empty if none. */
  private static String alternateOf(StunMessage answer) throws IOException {
    int index = answer.indexOf(AttributeType.ALTERNATE_SERVER);
    if (index < 0) {
      return "";
    }
    ByteBuffer value = ByteBuffer.wrap(answer.bytes(index));
    int port = Short.toUnsignedInt(value.getShort(2));
    byte[] ip = Arrays.copyOfRange(value.array(), 4, value.capacity());
    return InetAddress.getByAddress(ip).getHostAddress() + ":" + port;
  }

  private static void isSuccess(StunMessage answer) {
    assertThat(TurnUser.errorCode(answer)).isZero();
  }

  private ServerProcess startTurn(String... settings) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("turn"));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of("--set", "turn.users=" + NAME + ":" + PASSWORD));
    arguments.addAll(List.of("--set", "turn.allow-peers=127.0.0.1"));
    return ready(ServerProcess.start(folder, arguments.toArray(String[]::new)));
  }

  private ServerProcess startTurn(Path file) throws IOException {
    return ready(ServerProcess.start(folder, "turn", "--config", file.toString()));
  }

  private static ServerProcess ready(ServerProcess process) throws IOException {
    var _ = process.awaitReady(READY);
    return process;
  }

  private static TurnUser userOverUdp(ServerProcess process) throws IOException {
    return TurnUser.overUdp(process.turnAddress("udp"), NAME, PASSWORD);
  }

  private static TurnUser userWithSecret(ServerProcess process, String secret) throws IOException {
    Issued issued =
        new EphemeralCredentials(secret, TurnClock.system()).issue(NAME, Duration.ofHours(1));
    return TurnUser.overUdp(process.turnAddress("udp"), issued.username(), issued.password());
  }

  private static Socket tcpTo(ServerProcess process) throws IOException {
    InetSocketAddress server = process.turnAddress("tcp");
    return new Socket(server.getAddress(), server.getPort());
  }

  private static SSLSocket tlsTo(ServerProcess process)
      throws IOException, GeneralSecurityException {
    SSLContext anyone = SSLContext.getInstance("TLS");
    anyone.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    InetSocketAddress server = process.turnAddress("tls");
    return (SSLSocket)
        anyone.getSocketFactory().createSocket(server.getAddress(), server.getPort());
  }

  private TlsIdentity otherCertificate() {
    return DevelopmentCertificate.readOrCreate(
        DataDirectory.open(folder.resolve("other")), new HostName("localhost"), Clock.systemUTC());
  }

  /** Someone who knows nothing of TURN. */
  private static final class Peer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int MAXIMUM_BYTES = 2048;

    private final DatagramSocket socket;

    Peer() throws IOException {
      socket = new DatagramSocket(0, LOOPBACK);
      socket.setSoTimeout(PATIENCE_MILLIS);
    }

    InetSocketAddress address() {
      return new InetSocketAddress(LOOPBACK, socket.getLocalPort());
    }

    void send(InetSocketAddress to, String data) throws IOException {
      byte[] bytes = data.getBytes(StandardCharsets.US_ASCII);
      socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    String receive() throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[MAXIMUM_BYTES], MAXIMUM_BYTES);
      socket.receive(packet);
      return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
