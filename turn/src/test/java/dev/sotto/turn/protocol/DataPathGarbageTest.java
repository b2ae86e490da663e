package dev.sotto.turn.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.testkit.TurnClient;
import dev.sotto.turn.testkit.World;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Counts the bytes that the thread allocates: sockets are left out by a sink that releases what it
 * is given.
 */
@DisplayName("A relayed packet costs no heap in the data path")
class DataPathGarbageTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final InetSocketAddress PEER =
      new InetSocketAddress(InetAddress.ofLiteral("9.9.9.9"), 7000);
  private static final int CHANNEL = 0x4000;
  private static final int ROUNDS = 200_000;

  /**
   * Less than the smallest object: what the runtime allocates now and then for itself does not
   * count.
   */
  private static final double NOTHING_BYTES = 1;

  private final World world = new World(new World.Options().discardingTraffic());
  private final TurnClient alice = world.client(4000);
  private InetSocketAddress relayedOfAlice;
  private World.Relayed relayed;

  private final ResourceLeakDetector.Level leakDetection = ResourceLeakDetector.getLevel();

  @BeforeEach
  void allocate() {
    // Watching for leaks puts objects of its own on the heap.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    relayedOfAlice = alice.allocate();
    relayed = world.relayed(relayedOfAlice);
  }

  @AfterEach
  void watchForLeaksAgain() {
    ResourceLeakDetector.setLevel(leakDetection);
  }

  @Test
  void channel_data_to_a_peer() {
    alice.bind(CHANNEL, PEER);
    byte[] message = {0x40, 0, 0, 4, 1, 2, 3, 4};
    assertThat(heapBytesPerPacket(packet(message))).isLessThan(NOTHING_BYTES);
  }

  @Test
  void a_send_indication_to_a_peer() {
    alice.permit(PEER);
    byte[] message =
        alice.plain(
            MessageType.SEND_INDICATION,
            it ->
                it.xorAddress(AttributeType.XOR_PEER_ADDRESS, PEER)
                    .bytes(AttributeType.DATA, new byte[160]));
    assertThat(heapBytesPerPacket(packet(message))).isLessThan(NOTHING_BYTES);
  }

  @Test
  void channel_data_to_the_client() {
    alice.bind(CHANNEL, PEER);
    ByteBuf payload = Unpooled.directBuffer().writeZero(160);
    assertThat(heapBytesPerPacket(_ -> relayed.receiver().onPeerDatagram(payload.retain(), PEER)))
        .isLessThan(NOTHING_BYTES);
  }

  @Test
  void a_data_indication_to_the_client() {
    alice.permit(PEER);
    ByteBuf payload = Unpooled.directBuffer().writeZero(160);
    assertThat(heapBytesPerPacket(_ -> relayed.receiver().onPeerDatagram(payload.retain(), PEER)))
        .isLessThan(NOTHING_BYTES);
  }

  @Test
  void channel_data_to_another_client_of_the_server() {
    TurnClient bob = world.client(4001).as("bob", "builder");
    InetSocketAddress ofBob = bob.allocate();
    bob.bind(CHANNEL, relayedOfAlice);
    alice.bind(CHANNEL, ofBob);
    byte[] message = {0x40, 0, 0, 4, 1, 2, 3, 4};
    assertThat(heapBytesPerPacket(packet(message))).isLessThan(NOTHING_BYTES);
  }

  private LongConsumer packet(byte[] message) {
    ByteBuf datagram = Unpooled.directBuffer().writeBytes(message);
    assertThat(ByteBufUtil.getBytes(datagram)).isEqualTo(message);
    return _ -> {
      datagram.setIndex(0, message.length).retain();
      world.worker.onClientDatagram(datagram, alice.address(), world.link());
    };
  }

  /**
   * The least of several runs, since the compiler is still at work during the first ones; on a
   * thread like those of event loops, for which buffers are recycled.
   */
  private static double heapBytesPerPacket(LongConsumer onePacket) {
    double[] least = {Double.MAX_VALUE};
    Thread loop =
        new FastThreadLocalThread(() -> {
          for (int run = 0; run < 10 && least[0] >= NOTHING_BYTES; run++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
              onePacket.accept(i);
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            least[0] = Math.min(least[0], allocated / (double) ROUNDS);
          }
        });
    loop.start();
    try {
      loop.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return least[0];
  }
}
