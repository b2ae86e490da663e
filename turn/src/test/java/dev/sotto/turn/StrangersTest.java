package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.UdpWire;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Sources that have not authenticated")
@Timeout(60)
class StrangersTest {
  private static final int SOURCES = 10_000;

  /** Room for noise; coturn keeps 19,800 for each. */
  private static final long BYTES_A_SOURCE = 50;

  @Test
  void leave_nothing_on_the_heap_with_no_integrity_or_with_garbage() {
    TurnSettings settings =
        TurnSettings.builder()
            .listen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
            .eventLoops(2)
            .users(Map.of("alice", "wonderland"))
            .build();
    try (TurnServer server = TurnServer.start(settings)) {
      knock(server, 0, 1_000); // so that classes, buffers and threads are there
      long before = heapAfterCollection();

      knock(server, 1_000, 1_000 + SOURCES);

      assertThat(heapAfterCollection() - before).isLessThan(SOURCES * BYTES_A_SOURCE);
      assertThat(server.statistics().total().challenges()).isEqualTo(2 * (1_000 + SOURCES));
      assertThat(server.statistics().total().allocations()).isZero();
    }
  }

  /** Each from an address of its own: asks without integrity, then with a wrong password. */
  private static void knock(TurnServer server, int from, int to) {
    for (int i = from; i < to; i++) {
      InetAddress source = InetAddress.ofLiteral("127.2." + (i >> 8) + "." + (i & 0xFF));
      try (UdpWire wire = new UdpWire(source, server.boundAddress())) {
        TurnClient stranger = new TurnClient(wire, "alice", "guess");
        stranger.greet();
        assertThat(stranger.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(401);
      }
    }
  }

  private static long heapAfterCollection() {
    for (int i = 0; i < 3; i++) {
      System.gc(); // what the first one's finalisation and references let go, the next ones collect
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
