package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sotto.turn.testkit.TestTls;
import dev.sotto.turn.testkit.Tool;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Needs Debian's packages python3-aioice, python3-gi and gir1.2-nice-0.1; skipped with that reason
 * where they are missing.
 */
@DisplayName("ICE libraries that are not ours against this server")
@Timeout(90)
class OtherClientsTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
  private static final Path AIOICE = Path.of("/usr/lib/python3/dist-packages/aioice");
  private static final Path GI = Path.of("/usr/lib/python3/dist-packages/gi");
  private static final List<Path> NICE =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/girepository-1.0/Nice-0.1.typelib"),
          Path.of("/usr/lib/aarch64-linux-gnu/girepository-1.0/Nice-0.1.typelib"));

  private TurnServer server;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Tool.hasPython(), "/usr/bin/python3 is missing");
    server =
        TurnServer.start(
            TurnSettings.builder()
                .listen(ANY_PORT)
                .listenTcp(ANY_PORT)
                .listenTls(new TestTls().identity(), ANY_PORT)
                .eventLoops(2)
                .users(Map.of("alice", "wonderland"))
                .build());
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp", "tcp", "tls"})
  void aioice_exchanges_datagrams_over_channels_and_deletes_its_allocations(String transport)
      throws Exception {
    assumeTrue(Files.exists(AIOICE), "aioice is missing: install the package python3-aioice");
    assertThat(run("aioice_relay.py", transport)).isEqualTo("ok\n");
    assertThat(server.statistics().total().allocationsStarted()).isEqualTo(2);
    assertThat(server.statistics().total().allocations()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp", "tcp"})
  void libnice_connects_two_agents_by_relayed_candidates_only(String transport) throws Exception {
    assumeTrue(
        Files.exists(GI) && NICE.stream().anyMatch(Files::exists),
        "libnice is missing: install the packages python3-gi and gir1.2-nice-0.1");
    assertThat(run("libnice_relay.py", transport)).endsWith("ok\n");
    assertThat(server.statistics().total().packetsToPeers()).isPositive();
  }

  private String run(String script, String transport) throws Exception {
    int port =
        switch (transport) {
          case "udp" -> server.boundAddress().getPort();
          case "tcp" -> server.boundTcpAddresses().getFirst().getPort();
          default -> server.boundTlsAddresses().getFirst().getPort();
        };
    try (Tool tool =
        Tool.python(
            script, transport, "127.0.0.1", Integer.toString(port), "alice", "wonderland")) {
      return tool.untilItEnds(60);
    }
  }
}
