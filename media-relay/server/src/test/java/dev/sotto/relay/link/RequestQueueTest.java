package dev.sotto.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The queue of requests")
class RequestQueueTest {
  private static final int CAPACITY = 100;

  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch last = new CountDownLatch(1);
  private final List<Integer> done = new CopyOnWriteArrayList<>();

  @Test
  void a_request_that_blocks_holds_up_those_after_it_and_no_one_else() throws Exception {
    try (RequestQueue queue = new RequestQueue(CAPACITY)) {
      queue.start();
      queue.offer(this::block);
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      IntStream.range(0, CAPACITY - 1)
          .forEach(i -> assertThat(queue.offer(() -> done.add(i))).isTrue());
      queue.offer(last::countDown);
      assertThat(queue.offer(() -> {})).as("beyond its capacity").isFalse();
      assertThat(done).isEmpty();

      gate.countDown();
      assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(done).isEqualTo(IntStream.range(0, CAPACITY - 1).boxed().toList());
    }
  }

  @Test
  void a_request_that_fails_does_not_end_it() throws Exception {
    try (RequestQueue queue = new RequestQueue(CAPACITY)) {
      queue.start();
      queue.offer(() -> {
        throw new IllegalStateException("as expected by this test");
      });
      queue.offer(last::countDown);

      assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void block() {
    begun.countDown();
    try {
      gate.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
