package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.IntegrityAlgorithm;
import dev.sotto.turn.testkit.DtlsWire;
import dev.sotto.turn.testkit.Message;
import dev.sotto.turn.testkit.StreamWire;
import dev.sotto.turn.testkit.TestTls;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.UdpWire;
import dev.sotto.turn.testkit.VirtualClock;
import dev.sotto.turn.testkit.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A server that is about to stop")
@Timeout(60)
class DrainTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

  /** An address as RFC 8489 section 14.1 writes it: family IPv4, port 3478, 192.0.2.7. */
  private static final InetSocketAddress ALTERNATE = new InetSocketAddress("192.0.2.7", 3478);

  private static final byte[] ALTERNATE_BYTES = {0, 1, 0x0D, (byte) 0x96, (byte) 192, 0, 2, 7};

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

  @Test
  void waits_for_the_last_allocation_and_takes_no_new_one() throws InterruptedException {
    TurnServer server = opened(TurnServer.start(settings().build()));
    TurnClient alice = overUdp(server);
    TurnClient late = overUdp(server);
    alice.allocate();
    late.greet();

    assertThat(server.drain(Duration.ofMillis(100))).isFalse();
    assertThat(late.allocate(UnaryOperator.identity()).errorCode()).isEqualTo(508);
    alice.refresh(0);
    assertThat(server.drain(Duration.ofSeconds(5))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(ClientTransport.class)
  void rfc_8489_section_10_names_another_server_over_every_transport(ClientTransport transport)
      throws Exception {
    TurnServer server =
        opened(
            TurnServer.start(
                settings()
                    .listenTcp(ANY_PORT)
                    .listenTls(tls.identity(), ANY_PORT)
                    .listenDtls(tls.identity(), ANY_PORT)
                    .alternateServer(ALTERNATE)
                    .build()));
    TurnClient here = client(server, transport);
    TurnClient late = client(server, transport);
    here.allocate();
    late.greet();
    assertThat(server.drain(Duration.ZERO)).isFalse();

    Message answer = late.allocate(UnaryOperator.identity());

    assertThat(answer.errorCode()).isEqualTo(300);
    assertThat(answer.bytes(AttributeType.ALTERNATE_SERVER)).isEqualTo(ALTERNATE_BYTES);
    assertThat(answer.isProtectedBy(IntegrityAlgorithm.HMAC_SHA1, late.key()))
        .as("or anyone could send clients elsewhere")
        .isTrue();
    assertThat(here.refresh(600).isSuccess()).isTrue();
  }

  @Test
  void waits_until_the_deadline_on_the_servers_clock_and_no_longer() throws Exception {
    ReadCountingClock clock = new ReadCountingClock();
    TurnServer server = opened(TurnServer.start(settings().build(), clock, new SecureRandom()));
    TurnClient alice = overUdp(server);
    alice.allocate();
    FutureTask<Boolean> drained = clock.start(() -> server.drain(Duration.ofMinutes(5)));
    clock.awaitFurtherReads();

    clock.time.advance(Duration.ofMinutes(5).minusNanos(1));
    clock.awaitFurtherReads();
    assertThat(drained).isNotDone();
    clock.time.advance(Duration.ofNanos(1));

    assertThat(drained.get()).isFalse();
    assertThat(alice.refresh(600).isSuccess()).isTrue();
  }

  /** Tells when the thread that drains has looked at the time. */
  private static final class ReadCountingClock implements TurnClock {
    private final VirtualClock time = new VirtualClock();
    private final Semaphore reads = new Semaphore(0);
    private volatile Thread drainer = Thread.currentThread();

    <T> FutureTask<T> start(Callable<T> work) {
      FutureTask<T> task = new FutureTask<>(work);
      Thread thread = Thread.ofPlatform().daemon().unstarted(task);
      drainer = thread;
      thread.start();
      return task;
    }

    /**
     * Waits for three: the first may have been on its way, the second is of now, and the third
     * comes only if the second did not end the wait.
     */
    void awaitFurtherReads() throws InterruptedException {
      reads.drainPermits();
      reads.acquire(3);
    }

    @Override
    public long monotonicNanos() {
      long now = time.monotonicNanos();
      if (Thread.currentThread().equals(drainer)) {
        reads.release();
      }
      return now;
    }

    @Override
    public long epochSeconds() {
      return time.epochSeconds();
    }
  }

  private TurnClient client(TurnServer server, ClientTransport transport) throws Exception {
    return switch (transport) {
      case UDP -> overUdp(server);
      case TCP -> {
        InetSocketAddress address = server.boundTcpAddresses().getFirst();
        yield over(opened(new StreamWire(new Socket(address.getAddress(), address.getPort()))));
      }
      case TLS -> over(opened(new StreamWire(tls.connect(server.boundTlsAddresses().getFirst()))));
      case DTLS -> over(opened(new DtlsWire(server.boundDtlsAddresses().getFirst())));
    };
  }

  private TurnClient overUdp(TurnServer server) {
    return over(opened(new UdpWire(server.boundAddress())));
  }

  private static TurnClient over(Wire wire) {
    return new TurnClient(wire, "alice", "wonderland");
  }

  private static TurnSettings.Builder settings() {
    return TurnSettings.builder()
        .listen(ANY_PORT)
        .eventLoops(2)
        .users(Map.of("alice", "wonderland"));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }
}
