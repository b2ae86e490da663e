package dev.sotto.turn.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.relay.LocalRelay;
import dev.sotto.turn.relay.LocalRelays;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Datagrams that one event loop leaves for another")
@Timeout(30)
class LoopInboxTest {
  private static final InetSocketAddress SENDER =
      new InetSocketAddress(InetAddress.ofLiteral("198.51.100.1"), 50_000);

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final LoopInbox inbox = new LoopInbox(loop);
  private final List<Integer> received = new ArrayList<>();
  private final LocalRelay relay =
      new LocalRelay(
          inbox,
          (payload, from) -> {
            assertThat(loop.inEventLoop()).isTrue();
            assertThat(from).isEqualTo(SENDER);
            received.add(payload.readInt());
            payload.release();
          });

  @AfterEach
  void stop() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void arrive_on_its_thread_in_the_order_of_the_sender() {
    for (int number = 0; number < 1000; number++) {
      assertThat(relay.send(datagram(number), SENDER)).isTrue();
    }
    settle();
    assertThat(received).hasSize(1000).isSorted();
  }

  @Test
  void are_handed_over_at_once_on_the_same_loop() {
    loop.submit(
            () -> {
              relay.send(datagram(7), SENDER);
              assertThat(received).containsExactly(7);
            })
        .syncUninterruptibly();
  }

  @Test
  void beyond_the_capacity_stay_with_the_sender() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    loop.execute(() -> await(busy));
    for (int number = 0; number < LoopInbox.CAPACITY; number++) {
      assertThat(relay.send(datagram(number), SENDER)).isTrue();
    }
    ByteBuf tooMuch = datagram(-1);
    assertThat(relay.send(tooMuch, SENDER)).isFalse();
    assertThat(tooMuch.release()).as("the only reference").isTrue();
    busy.countDown();
    settle();
    assertThat(received).hasSize(LoopInbox.CAPACITY).isSorted();
    assertThat(relay.send(datagram(1), SENDER)).isTrue();
  }

  @Test
  void for_a_relayed_address_that_has_closed_are_released() throws InterruptedException {
    LocalRelays relays = new LocalRelays();
    LocalRelays.Entry entry = relays.add(SENDER, relay);
    CountDownLatch busy = new CountDownLatch(1);
    loop.execute(() -> await(busy));
    ByteBuf late = datagram(1);
    assertThat(relays.at(SENDER).orElseThrow().send(late, SENDER)).isTrue();
    loop.execute(entry::close);
    ByteBuf later = datagram(2);
    assertThat(relay.send(later, SENDER)).isTrue();
    busy.countDown();
    loop.submit(() -> relay.send(datagram(3), SENDER)).syncUninterruptibly();
    settle();
    assertThat(relays.at(SENDER)).isEmpty();
    assertThat(later.refCnt()).isZero();
    assertThat(received).doesNotContain(3);
  }

  /** Every task that a task of now puts in line comes before the second one of these. */
  private void settle() {
    for (int round = 0; round <= LoopInbox.CAPACITY / 256; round++) {
      loop.submit(() -> {}).syncUninterruptibly();
    }
  }

  private static ByteBuf datagram(int number) {
    return Unpooled.buffer(Integer.BYTES).writeInt(number);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
