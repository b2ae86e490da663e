package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sotto.turn.peer.Cidr;
import dev.sotto.turn.testkit.TestTls;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Needs Debian's package coturn for its clients; skipped with that reason where they are missing.
 */
@DisplayName("coturn's clients against this server")
@Timeout(60)
class CoturnClientTest {
  private static final Path CLIENT = Path.of("/usr/bin/turnutils_uclient");
  private static final Path PEER = Path.of("/usr/bin/turnutils_peer");
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final List<Process> processes = new ArrayList<>();
  private TurnServer server;
  private int peerPort;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(
        Files.isExecutable(CLIENT) && Files.isExecutable(PEER),
        "turnutils_uclient and turnutils_peer are missing: install the package coturn");
    TurnTls identity = new TestTls().identity();
    server =
        TurnServer.start(
            TurnSettings.builder()
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .listenTcp(new InetSocketAddress(LOOPBACK, 0))
                .listenTls(identity, new InetSocketAddress(LOOPBACK, 0))
                .listenDtls(identity, new InetSocketAddress(LOOPBACK, 0))
                .eventLoops(2)
                .users(Map.of("alice", "wonderland"))
                .sharedSecrets(List.of("a shared secret"))
                .channelRange(ChannelRange.RFC5766)
                .allowPeers(List.of(Cidr.parse("127.0.0.1")))
                .build());
    try (DatagramSocket free = new DatagramSocket(0, LOOPBACK)) {
      peerPort = free.getLocalPort();
    }
    start(
        Path.of("/dev/null"),
        List.of(PEER.toString(), "-L", "127.0.0.1", "-p", Integer.toString(peerPort)));
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
    if (server != null) {
      server.close();
    }
  }

  @Test
  void relays_channel_data_to_a_peer_and_back_without_loss() throws Exception {
    assertThat(run("-c", "-X")).contains("Total lost packets 0 (0.000000%)");
  }

  @Test
  void relays_send_indications_to_a_peer_and_back_without_loss() throws Exception {
    assertThat(run("-c", "-X", "-s")).contains("Total lost packets 0 (0.000000%)");
  }

  @Test
  void relays_between_two_allocations_of_this_server_without_loss() throws Exception {
    assertThat(run("-y", "-c")).contains("Total lost packets 0 (0.000000%)");
  }

  @Test
  void relays_for_clients_over_tcp_and_tls_without_loss() throws Exception {
    assertThat(run("-t", "-c", "-X", "-p", port(server.boundTcpAddresses())))
        .contains("Total lost packets 0 (0.000000%)");
    assertThat(run("-t", "-S", "-c", "-X", "-p", port(server.boundTlsAddresses())))
        .contains("Total lost packets 0 (0.000000%)");
  }

  @Test
  void rfc_7350_relays_for_clients_over_dtls_without_loss() throws Exception {
    assertThat(run("-S", "-c", "-X", "-p", port(server.boundDtlsAddresses())))
        .contains("Total lost packets 0 (0.000000%)");
  }

  @Test
  void serves_even_ports_and_reservation_tokens() throws Exception {
    assertThat(run("-X")).contains("Total lost packets 0 (0.000000%)");
    assertThat(server.statistics().reservations()).isZero();
  }

  /**
   * This mode breaks messages at random and waits without end for answers that RFC 8489 forbids, so
   * it is cut short.
   */
  @Test
  void survives_the_negative_protocol_tests() throws Exception {
    Process client = start(Path.of("/dev/null"), command("-R", "-c", "-X"));
    client.waitFor(2, TimeUnit.SECONDS);
    client.destroyForcibly().waitFor();
    assertThat(run("-c", "-X")).contains("Total lost packets 0 (0.000000%)");
  }

  private List<String> command(String... options) {
    List<String> command = new ArrayList<>(List.of(CLIENT.toString()));
    command.addAll(List.of("-p", port(server.boundAddresses())));
    command.addAll(List.of(options));
    command.addAll(List.of("-m", "4", "-n", "50", "-l", "160", "-z", "5", "-e", "127.0.0.1"));
    command.addAll(List.of("-r", Integer.toString(peerPort)));
    command.addAll(List.of("-u", "alice", "-w", "wonderland", "127.0.0.1"));
    return command;
  }

  private static String port(List<InetSocketAddress> addresses) {
    return Integer.toString(addresses.getFirst().getPort());
  }

  private String run(String... options) throws IOException, InterruptedException {
    Path output = Files.createTempFile("uclient", ".txt");
    try {
      Process client = start(output, command(options));
      boolean ended = client.waitFor(20, TimeUnit.SECONDS);
      String text = Files.readString(output, StandardCharsets.UTF_8);
      assertThat(ended).as("the client ends; so far it said: %s", text).isTrue();
      return text;
    } finally {
      Files.delete(output);
    }
  }

  private Process start(Path output, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    processes.add(process);
    return process;
  }
}
