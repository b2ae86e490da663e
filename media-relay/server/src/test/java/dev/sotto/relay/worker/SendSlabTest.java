package dev.sotto.relay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.wire.Wire;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import dev.sotto.relay.transport.PacketSink;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over real sockets, so that it is the kernel which cuts the messages again. */
class SendSlabTest {
  private static final int PATIENCE_MILLIS = 20_000;

  private final EventLoopGroup loops = Kernel.newLoops(1);
  private final EventLoop loop = loops.next();
  private final Counters counters = new Counters();
  private DatagramChannel channel;
  private SendSlab slab;
  private DatagramSocket here;
  private DatagramSocket there;

  @BeforeEach
  void open() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    channel =
        Kernel.bind(
            loop,
            new InetSocketAddress(loopback, 0),
            1 << 20,
            new ChannelInboundHandlerAdapter() {
              @Override
              public boolean isSharable() {
                return true;
              }
            });
    here = socket();
    there = socket();
    slab =
        new SendSlab(
            List.of(channel), PooledByteBufAllocator.DEFAULT, Kernel.hasSegmentation(), counters);
  }

  private static DatagramSocket socket() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setReceiveBufferSize(4 << 20);
    return socket;
  }

  @AfterEach
  void close() {
    loop.submit(slab::close).awaitUninterruptibly();
    channel.close().awaitUninterruptibly();
    here.close();
    there.close();
    loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void onLoop(Runnable task) {
    var done = loop.submit(task).awaitUninterruptibly();
    assertThat(done.cause()).isNull();
  }

  private void put(int length, int number, DatagramSocket to) {
    long place = slab.reserve(length);
    assertThat(place).isNotEqualTo(PacketSink.NO_ROOM);
    for (int i = 0; i < length; i++) {
      Wire.putU8(slab.segment(), place + i, number);
    }
    slab.send(length, 0, (InetSocketAddress) to.getLocalSocketAddress());
  }

  private static void expect(DatagramSocket at, int length, int number) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    at.receive(packet);
    assertThat(packet.getLength()).isEqualTo(length);
    for (int i = 0; i < length; i++) {
      assertThat(packet.getData()[i]).isEqualTo((byte) number);
    }
  }

  private long messages(BiConsumer<SendSlabTest, DatagramSocket> sending) {
    long before = counters.value(Counter.MESSAGES_SENT);
    onLoop(() -> {
      sending.accept(this, here);
      slab.flush();
    });
    return counters.value(Counter.MESSAGES_SENT) - before;
  }

  /** Where nothing is cut again by the kernel, each packet is a message. */
  private static long joined(long messages, long packets) {
    return Kernel.hasSegmentation() ? messages : packets;
  }

  @Test
  void packets_of_one_size_to_one_address_are_one_message_and_the_last_may_be_shorter()
      throws IOException {
    long sent =
        messages((test, to) -> {
          test.put(500, 1, to);
          test.put(500, 2, to);
          test.put(120, 3, to);
        });
    assertThat(sent).isEqualTo(joined(1, 3));
    expect(here, 500, 1);
    expect(here, 500, 2);
    expect(here, 120, 3);
    assertThat(counters.value(Counter.PACKETS_SENT)).isEqualTo(3);
    assertThat(counters.value(Counter.BYTES_SENT)).isEqualTo(1120);
  }

  @Test
  void a_longer_packet_and_one_behind_a_shorter_begin_another_message() throws IOException {
    assertThat(messages((test, to) -> List.of(100, 200, 50, 50).forEach(n -> test.put(n, n, to))))
        .isEqualTo(joined(3, 4));
    for (int length : new int[] {100, 200, 50, 50}) {
      expect(here, length, length);
    }
  }

  @Test
  void packets_to_different_addresses_are_not_joined_and_keep_their_order() throws IOException {
    assertThat(
            messages((test, to) -> {
              for (int i = 0; i < 6; i++) {
                test.put(100, i, i % 2 == 0 ? to : test.there);
              }
            }))
        .isEqualTo(6);
    for (int i = 0; i < 6; i++) {
      expect(i % 2 == 0 ? here : there, 100, i);
    }
  }

  @Test
  void no_message_has_more_segments_than_the_kernel_takes() throws IOException {
    assertThat(
            messages((test, to) -> {
              for (int i = 0; i < 65; i++) {
                test.put(100, i, to);
              }
            }))
        .isEqualTo(joined(2, 65));
    for (int i = 0; i < 65; i++) {
      expect(here, 100, i);
    }
  }

  @Test
  void a_packet_that_some_path_would_fragment_takes_no_other_into_its_message() throws IOException {
    // On Ethernet the kernel refuses a message of such segments as a whole.
    assertThat(messages((test, to) -> List.of(1600, 1600, 160).forEach(n -> test.put(n, 7, to))))
        .isEqualTo(3);
    expect(here, 1600, 7);
    expect(here, 1600, 7);
    expect(here, 160, 7);
  }

  @Test
  void more_than_a_slab_leaves_in_order_and_the_slab_is_used_again() throws IOException {
    long slabsBefore = counters.value(Counter.SLABS_ALLOCATED);
    for (int round = 0; round < 50; round++) {
      onLoop(() -> {
        for (int i = 0; i < 150; i++) {
          put(1200, i, here);
        }
        slab.flush();
      });
      for (int i = 0; i < 150; i++) {
        expect(here, 1200, i);
      }
    }
    assertThat(counters.value(Counter.SLABS_ALLOCATED)).isEqualTo(slabsBefore);
  }

  @Test
  void what_a_full_queue_does_not_take_is_dropped_and_counted_and_costs_no_memory()
      throws IOException {
    // Above the high mark with the first byte, and below the low one when all is written.
    onLoop(() ->
        channel
            .config()
            .setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1, 1)));
    onLoop(() -> {
      for (int i = 0; i < 10; i++) {
        put(100, i, i % 2 == 0 ? here : there);
      }
      // Nine find the queue full; each tries to flush, so on a kernel that takes all none is lost.
      slab.flush();
    });
    long lost = counters.dropped(DropReason.SEND_QUEUE_FULL);
    assertThat(counters.value(Counter.PACKETS_SENT) + lost).isEqualTo(10);

    onLoop(() -> {
      long dropsBefore = counters.dropped(DropReason.SEND_QUEUE_FULL);
      long slabsBefore = counters.value(Counter.SLABS_ALLOCATED);
      long sentBefore = counters.value(Counter.PACKETS_SENT);
      channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
      for (int i = 0; i < 5000; i++) {
        put(100, i, here);
        slab.flush();
      }
      assertThat(counters.dropped(DropReason.SEND_QUEUE_FULL) - dropsBefore).isEqualTo(5000);
      assertThat(counters.value(Counter.SLABS_ALLOCATED)).isEqualTo(slabsBefore);
      assertThat(counters.value(Counter.PACKETS_SENT)).isEqualTo(sentBefore);
      channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    });
  }

  @Test
  void packets_that_wait_in_the_queue_share_a_slab() {
    onLoop(() -> {
      // Written and not flushed is what a kernel that takes nothing leaves behind.
      DatagramChannel stuck = channel;
      var held = PooledByteBufAllocator.DEFAULT.directBuffer(1).writeByte(1);
      var _ =
          stuck.write(
              new io.netty.channel.socket.DatagramPacket(
                  held, (InetSocketAddress) here.getLocalSocketAddress()));
      long before = counters.value(Counter.SLABS_ALLOCATED);
      for (int i = 0; i < 1000; i++) {
        put(100, i, i % 2 == 0 ? here : there);
      }
      slab.flush();
      // 100 kB in all.
      assertThat(counters.value(Counter.SLABS_ALLOCATED) - before).isLessThanOrEqualTo(1);
    });
  }

  @Test
  void what_no_slab_can_hold_gets_no_room() {
    onLoop(() -> {
      assertThat(slab.reserve(1 << 20)).isEqualTo(PacketSink.NO_ROOM);
      assertThat(counters.dropped(DropReason.SEND_QUEUE_FULL)).isEqualTo(1);
    });
  }
}
