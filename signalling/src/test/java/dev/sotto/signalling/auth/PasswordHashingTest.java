package dev.sotto.signalling.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.jid.Jid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class PasswordHashingTest {

  private static final Jid ALICE = new Jid("alice", "example.org", "");

  @Test
  @Timeout(60)
  void so_many_work_at_a_time_and_who_finds_the_queue_full_is_sent_away() throws Exception {
    PasswordHashing hashing = new PasswordHashing("salt", 4096, 2);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<Integer>>> all = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        all.add(
            threads.submit(() ->
                hashing.run(() -> {
                  most.accumulateAndGet(working.incrementAndGet(), Math::max);
                  awaitUninterrupted(release);
                  return working.decrementAndGet();
                })));
      }
      // 2 work, 512 wait; the rest is answered although nobody is let go.
      while (all.stream().filter(Future::isDone).count() < 600 - 514) {
        Thread.onSpinWait();
      }
      release.countDown();
      int refused = 0;
      for (Future<Optional<Integer>> one : all) {
        refused += one.get().isEmpty() ? 1 : 0;
      }
      assertThat(refused).isEqualTo(600 - 514);
      assertThat(most.get()).isEqualTo(2);
    }
    assertThat(hashing.run(() -> "again")).contains("again");
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void salts_follow_from_account_hash_and_secret() {
    PasswordHashing hashing = new PasswordHashing("salt", 4096, 1);
    String salt = hashing.ofNobody(ALICE, ScramHash.SHA_256).saltBase64();

    assertThat(hashing.derive(ALICE, "pencil").getLast().saltBase64()).isEqualTo(salt);
    assertThat(hashing.ofNobody(ALICE, ScramHash.SHA_1).saltBase64()).isNotEqualTo(salt);
    assertThat(hashing.ofNobody(new Jid("bob", "example.org", ""), ScramHash.SHA_256).saltBase64())
        .isNotEqualTo(salt);
    assertThat(
            new PasswordHashing("other", 4096, 1).ofNobody(ALICE, ScramHash.SHA_256).saltBase64())
        .isNotEqualTo(salt);
  }
}
