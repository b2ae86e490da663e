package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.peer.Cidr;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.testkit.Message;
import dev.sotto.turn.testkit.StreamWire;
import dev.sotto.turn.testkit.TestTls;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.UdpWire;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A client over TCP or TLS that does not read")
@Timeout(120)
class SlowReaderTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);
  private static final int CHANNEL = 0x4000;
  private static final int PAYLOAD_BYTES = 1001;

  /** Five times what the server may keep in bytes. */
  private static final int PACKETS_TO_LOSE = 5_000;

  private static final int BOUND_BYTES = 1 << 20;

  private static TestTls tls;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private TurnServer server;
  private UdpWire peer;
  private int sent;

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
  @EnumSource(names = {"TCP", "TLS"})
  void loses_packets_fills_no_memory_hinders_nobody_and_is_served_again_once_it_reads(
      ClientTransport transport) throws Exception {
    server =
        opened(
            TurnServer.start(
                TurnSettings.builder()
                    .listen(ANY_PORT)
                    .listenTcp(ANY_PORT)
                    .listenTls(tls.identity(), ANY_PORT)
                    .eventLoops(1)
                    .allowPeers(List.of(Cidr.parse("127.0.0.1")))
                    .users(Map.of("alice", "wonderland"))
                    .build()));
    peer = opened(new UdpWire(server.boundAddress()));
    StreamWire wire = opened(new StreamWire(connect(transport)));
    TurnClient slow = new TurnClient(wire, "alice", "wonderland");
    InetSocketAddress relayed = slow.allocate();
    assertThat(slow.bind(CHANNEL, peer.localAddress()).isSuccess()).isTrue();
    TurnClient other =
        new TurnClient(opened(new StreamWire(connect(transport))), "alice", "wonderland");
    InetSocketAddress ofOther = other.allocate();
    assertThat(other.permit(peer.localAddress()).isSuccess()).isTrue();

    long before = pinnedBytes();
    while (lost(transport) < PACKETS_TO_LOSE) {
      for (int i = 0; i < 50; i++) {
        sendNumbered(relayed);
      }
      peer.sendTo(ofOther, "hello".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(other.expectDataFrom(peer.localAddress())).isEqualTo("hello");
      assertThat(pinnedBytes() - before).isLessThan(BOUND_BYTES);
    }
    assertThat(server.statistics().total().allocations()).isEqualTo(2);

    int firstAfter = sent;
    int last = -1;
    while (last < firstAfter) {
      Optional<byte[]> message = wire.receive();
      if (message.isPresent()) {
        int number = numberOf(message.get());
        assertThat(number).isGreaterThan(last);
        last = number;
      } else {
        sendNumbered(relayed); // what was sent while the queue was full is lost
      }
    }
    Message answer = slow.refresh(600);
    assertThat(answer.stun().type()).isEqualTo(MessageType.successOf(MessageType.REFRESH_REQUEST));
    assertThat(answer.unsignedInt(AttributeType.LIFETIME)).isEqualTo(600);
  }

  private static long pinnedBytes() {
    return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
  }

  private long lost(ClientTransport transport) {
    return server.statistics().of(transport).drops().get(DropReason.SEND_QUEUE_FULL);
  }

  /** Every byte of it is told by its number, so that one byte out of place is noticed. */
  private void sendNumbered(InetSocketAddress relayed) {
    peer.sendTo(relayed, payload(sent++));
  }

  private static byte[] payload(int number) {
    ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES).putInt(number);
    while (payload.hasRemaining()) {
      payload.put((byte) (31 * number + payload.position()));
    }
    return payload.array();
  }

  private static int numberOf(byte[] channelData) {
    ByteBuffer message = ByteBuffer.wrap(channelData);
    assertThat(message.getShort()).isEqualTo((short) CHANNEL);
    byte[] data = new byte[Short.toUnsignedInt(message.getShort())];
    message.get(data);
    int number = ByteBuffer.wrap(data).getInt();
    assertThat(data).isEqualTo(payload(number));
    return number;
  }

  private Socket connect(ClientTransport transport) throws Exception {
    if (transport == ClientTransport.TLS) {
      return tls.connect(server.boundTlsAddresses().getFirst());
    }
    InetSocketAddress address = server.boundTcpAddresses().getFirst();
    return new Socket(address.getAddress(), address.getPort());
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }
}
