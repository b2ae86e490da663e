package dev.sotto.turn.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.relay.LocalRelay;
import dev.sotto.turn.relay.LocalRelays;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final SingleThreadEventLoop loop = (SingleThreadEventLoop) group.next();
  private final LoopInbox inbox = new LoopInbox(loop);
  private final List<Integer> received = new ArrayList<>();
  private int late;
  private final LocalRelay relay =
      new LocalRelay(
          inbox,
          (payload, from) -> {
            assertThat(loop.inEventLoop()).isTrue();
            assertThat(from).isEqualTo(SENDER);
            received.add(payload.readInt());
            payload.release();
          },
          () -> late++);

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
    assertThat(relays.at(SENDER).orElseThrow().send(datagram(1), SENDER)).isTrue();
    loop.execute(entry::close);
    assertThat(relay.send(datagram(2), SENDER)).isTrue();
    busy.countDown();
    loop.submit(() -> relay.send(datagram(3), SENDER)).syncUninterruptibly();
    settle();
    assertThat(relays.at(SENDER)).isEmpty();
    assertThat(received).doesNotContain(3);
    assertThat(received.size() + late).as("each arrives or is counted").isEqualTo(3);
    assertThat(late).isPositive();
  }

  @Test
  void keep_no_more_memory_than_they_need_while_they_wait() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    loop.execute(() -> await(busy));
    ByteBuf buffer = datagram(5); // a received one would be a slice of a much longer buffer
    ByteBuf slice = buffer.retainedSlice();

    assertThat(relay.send(slice, SENDER)).isTrue();

    assertThat(buffer.refCnt()).as("the slice's reference is given back").isOne();
    buffer.setInt(0, 6).release();
    busy.countDown();
    settle();
    assertThat(received).containsExactly(5);
  }

  @Test
  void are_taken_a_batch_at_a_time_so_that_sockets_have_their_turn() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    CompletableFuture<Integer> takenInFirstIteration = new CompletableFuture<>();
    LocalRelay busyRelay =
        new LocalRelay(
            inbox,
            (payload, from) -> {
              if (taken.getAndIncrement() == 0) {
                loop.executeAfterEventLoopIteration(
                    () -> takenInFirstIteration.complete(taken.get()));
              }
              payload.release();
            },
            () -> {});
    CountDownLatch full = new CountDownLatch(1);
    loop.execute(() -> await(full));
    for (int number = 0; number < LoopInbox.CAPACITY; number++) {
      assertThat(busyRelay.send(datagram(number), SENDER)).isTrue();
    }
    full.countDown();
    while (!takenInFirstIteration.isDone()) { // a sender that never pauses
      ByteBuf more = datagram(0);
      if (!busyRelay.send(more, SENDER)) {
        more.release();
      }
    }

    assertThat(takenInFirstIteration.get()).isLessThanOrEqualTo(LoopInbox.BATCH);
    settle();
  }

  private void settle() {
    do {
      loop.submit(() -> {}).syncUninterruptibly();
    } while (!inbox.isIdle());
    loop.submit(() -> {}).syncUninterruptibly(); // so that this thread sees what it has done
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
