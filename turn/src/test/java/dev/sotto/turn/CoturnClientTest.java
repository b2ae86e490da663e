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
@Timeout(300)
class CoturnClientTest {
  private static final Path CLIENT = Path.of("/usr/bin/turnutils_uclient");
  private static final Path PEER = Path.of("/usr/bin/turnutils_peer");
  private static final InetSocketAddress IPV4 =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
  private static final InetSocketAddress IPV6 =
      new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
  private static final String NO_LOSS = "Total lost packets 0 (0.000000%)";

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
                .listen(IPV4, IPV6)
                .listenTcp(IPV4, IPV6)
                .listenTls(identity, IPV4, IPV6)
                .listenDtls(identity, IPV4, IPV6)
                .eventLoops(2)
                .users(Map.of("alice", "wonderland"))
                .sharedSecrets(List.of("a shared secret"))
                .channelRange(ChannelRange.RFC5766)
                .allowPeers(List.of(Cidr.parse("127.0.0.1"), Cidr.parse("::1")))
                .build());
    try (DatagramSocket free = new DatagramSocket(0, IPV6.getAddress())) {
      peerPort = free.getLocalPort();
    }
    String port = Integer.toString(peerPort);
    start(
        Path.of("/dev/null"), List.of(PEER.toString(), "-L", "127.0.0.1", "-L", "::1", "-p", port));
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
    if (server != null) {
      server.close();
    }
  }

  @Test
  void relays_channel_data_and_send_indications_to_a_peer_and_back_without_loss() throws Exception {
    Client channels = client("-c", "-X");
    Client indications = client("-c", "-X", "-s");
    assertThat(channels.output()).contains(NO_LOSS);
    assertThat(indications.output()).contains(NO_LOSS);
  }

  @Test
  void relays_between_two_allocations_of_this_server_without_loss() throws Exception {
    assertThat(client("-y", "-c").output()).contains(NO_LOSS);
  }

  @Test
  void relays_for_clients_over_tcp_and_tls_without_loss() throws Exception {
    Client tcp = client("-t", "-c", "-X", "-p", port(server.boundTcpAddresses(), 0));
    Client tls = client("-t", "-S", "-c", "-X", "-p", port(server.boundTlsAddresses(), 0));
    assertThat(tcp.output()).contains(NO_LOSS);
    assertThat(tls.output()).contains(NO_LOSS);
  }

  @Test
  void rfc_7350_relays_for_clients_over_dtls_without_loss() throws Exception {
    Client channels = client("-S", "-c", "-X", "-p", port(server.boundDtlsAddresses(), 0));
    Client indications = client("-S", "-s", "-c", "-X", "-p", port(server.boundDtlsAddresses(), 0));
    assertThat(channels.output()).contains(NO_LOSS);
    assertThat(indications.output()).contains(NO_LOSS);
  }

  @Test
  void relays_ipv6_for_clients_over_ipv6_by_every_transport_without_loss() throws Exception {
    List<Client> clients =
        List.of(
            client6("-p", port(server.boundAddresses(), 1)),
            client6("-t", "-p", port(server.boundTcpAddresses(), 1)),
            client6("-t", "-S", "-p", port(server.boundTlsAddresses(), 1)),
            client6("-S", "-p", port(server.boundDtlsAddresses(), 1)));
    for (Client client : clients) {
      assertThat(client.output()).contains(NO_LOSS);
    }
  }

  @Test
  void serves_even_ports_reservation_tokens_dont_fragment_and_time_limited_credentials()
      throws Exception {
    // Alone: a process that starts holds copies of this one's sockets for a moment, and one of them
    // may be the socket that keeps a reserved port, which then cannot be bound. Servers start none.
    assertThat(client("-X").output()).contains(NO_LOSS);
    Client unfragmented = client("-c", "-X", "-g", "-s");
    Client timeLimited = client("-c", "-X", "-W", "a shared secret");
    assertThat(unfragmented.output()).contains(NO_LOSS);
    assertThat(timeLimited.output()).contains(NO_LOSS);
    assertThat(server.statistics().reservations()).isZero();
  }

  @Test
  void refuses_a_wrong_password_an_unknown_user_and_a_wrong_shared_secret() throws Exception {
    List<Client> clients =
        List.of(
            client("-c", "-X", "-w", "wrong"),
            client("-c", "-X", "-u", "mallory"),
            client("-c", "-X", "-W", "not the secret"));
    for (Client client : clients) {
      assertThat(client.output()).contains("Cannot complete Allocation").doesNotContain(NO_LOSS);
    }
    assertThat(server.statistics().total().allocationsStarted()).isZero();
  }

  /**
   * These modes break messages at random and wait without end for answers that RFC 8489 forbids, so
   * they are cut short.
   */
  @Test
  void survives_the_negative_tests() throws Exception {
    List<Process> breaking =
        List.of(
            start(Path.of("/dev/null"), command("-R", "-c", "-X")),
            start(Path.of("/dev/null"), command("-N", "-c", "-X")),
            start(
                Path.of("/dev/null"),
                command("-S", "-N", "-c", "-X", "-p", port(server.boundDtlsAddresses(), 0))));
    breaking.getFirst().waitFor(2, TimeUnit.SECONDS);
    for (Process each : breaking) {
      each.destroyForcibly().waitFor();
    }
    assertThat(client("-c", "-X").output()).contains(NO_LOSS);
  }

  private List<String> command(String... options) {
    List<String> command = new ArrayList<>(List.of(CLIENT.toString()));
    command.addAll(List.of("-p", port(server.boundAddresses(), 0)));
    command.addAll(List.of("-u", "alice", "-w", "wonderland"));
    command.addAll(List.of("-m", "4", "-n", "50", "-l", "160", "-z", "5", "-e", "127.0.0.1"));
    command.addAll(List.of("-r", Integer.toString(peerPort)));
    command.addAll(List.of(options));
    command.add("127.0.0.1");
    return command;
  }

  private static String port(List<InetSocketAddress> addresses, int index) {
    return Integer.toString(addresses.get(index).getPort());
  }

  private Client client(String... options) throws IOException {
    return new Client(command(options));
  }

  private Client client6(String... options) throws IOException {
    List<String> command = command(options);
    command.removeLast();
    command.addAll(List.of("-c", "-x", "-e", "::1", "::1"));
    return new Client(command);
  }

  /** A client that runs beside others until its output is asked for. */
  private final class Client {
    private final Path file = Files.createTempFile("uclient", ".txt");
    private final Process process;

    private Client(List<String> command) throws IOException {
      process = start(file, command);
    }

    String output() throws IOException, InterruptedException {
      boolean ended = process.waitFor(40, TimeUnit.SECONDS);
      String text = Files.readString(file, StandardCharsets.UTF_8);
      Files.delete(file);
      assertThat(ended).as("the client ends; so far it said: %s", text).isTrue();
      return text;
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
