package dev.sotto.turn.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.relay.Quotas.Grant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What users hold, each and together")
class QuotasTest {
  private static final int LOOPS = 4;

  private final Quotas quotas = new Quotas(10, 15);

  @Test
  void several_are_granted_whole_or_not_at_all() {
    assertThat(quotas.acquire("alice", 8)).isEqualTo(Grant.GRANTED);
    assertThat(quotas.acquire("alice", 3)).isEqualTo(Grant.USER_QUOTA_REACHED);
    assertThat(quotas.acquire("alice", 2)).isEqualTo(Grant.GRANTED);
    assertThat(quotas.acquire("bob", 6)).isEqualTo(Grant.TOTAL_QUOTA_REACHED);
    assertThat(quotas.acquire("bob", 5)).isEqualTo(Grant.GRANTED);
    assertThat(quotas.current()).isEqualTo(15);
  }

  @Test
  void who_asks_for_nothing_more_is_granted_it_even_where_nothing_is_left() {
    quotas.acquire("alice", 10);
    quotas.acquire("bob", 5);
    assertThat(quotas.acquire("alice", 0)).isEqualTo(Grant.GRANTED);
    assertThat(quotas.acquire("carol", 0)).isEqualTo(Grant.GRANTED);
    assertThat(quotas.owners()).isEqualTo(2);
  }

  @Test
  void more_than_a_number_holds_is_refused_too() {
    quotas.acquire("alice", 1);
    assertThat(quotas.acquire("alice", Integer.MAX_VALUE)).isEqualTo(Grant.USER_QUOTA_REACHED);
    Quotas wide = new Quotas(Integer.MAX_VALUE, Integer.MAX_VALUE);
    wide.acquire("alice", 1);
    assertThat(wide.acquire("bob", Integer.MAX_VALUE)).isEqualTo(Grant.TOTAL_QUOTA_REACHED);
  }

  @Test
  void a_user_who_is_refused_or_has_given_all_back_is_forgotten() {
    assertThat(quotas.acquire("alice", 11)).isEqualTo(Grant.USER_QUOTA_REACHED);
    quotas.acquire("bob", 7);
    assertThat(quotas.acquire("carol", 9)).isEqualTo(Grant.TOTAL_QUOTA_REACHED);
    assertThat(quotas.owners()).isOne();
    quotas.release("bob", 3);
    assertThat(quotas.owners()).isOne();
    quotas.release("bob", 4);
    assertThat(quotas.owners()).isZero();
    assertThat(quotas.current()).isZero();
  }

  @Test
  void what_one_user_is_refused_never_takes_room_from_another() throws Exception {
    List<Callable<Grant>> loops = new ArrayList<>();
    quotas.acquire("alice", 10);
    loops.add(() -> {
      for (int i = 0; i < 20_000; i++) {
        quotas.acquire("alice", 5);
      }
      return Grant.GRANTED;
    });
    loops.add(() -> {
      for (int i = 0; i < 20_000; i++) {
        Grant grant = quotas.acquire("bob", 5);
        if (grant != Grant.GRANTED) {
          return grant;
        }
        quotas.release("bob", 5);
      }
      return Grant.GRANTED;
    });
    assertThat(atOnce(loops)).containsOnly(Grant.GRANTED);
  }

  @Test
  void several_loops_never_hold_more_than_there_is_and_leave_nothing_behind() throws Exception {
    List<Callable<Boolean>> loops = new ArrayList<>();
    for (int loop = 0; loop < LOOPS; loop++) {
      Random random = new Random(loop);
      loops.add(() -> holdAndGiveBack(random));
    }
    assertThat(atOnce(loops)).containsOnly(true);
    assertThat(quotas.current()).isZero();
    assertThat(quotas.owners()).isZero();
  }

  private record Held(String owner, int amount) {}

  /** Returns whether the total was never seen exceeded. */
  private boolean holdAndGiveBack(Random random) {
    Deque<Held> held = new ArrayDeque<>();
    boolean withinTotal = true;
    for (int round = 0; round < 20_000; round++) {
      Held wanted = new Held("user" + random.nextInt(3), random.nextInt(6));
      if (random.nextBoolean()
          && quotas.acquire(wanted.owner(), wanted.amount()) == Grant.GRANTED) {
        held.add(wanted);
      } else if (!held.isEmpty()) {
        Held oldest = held.remove();
        quotas.release(oldest.owner(), oldest.amount());
      }
      withinTotal &= quotas.current() <= 15;
    }
    held.forEach(each -> quotas.release(each.owner(), each.amount()));
    return withinTotal;
  }

  private static <T> List<T> atOnce(List<Callable<T>> loops) throws Exception {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(loops.size())) {
      for (Future<T> result : threads.invokeAll(loops)) {
        results.add(result.get());
      }
    }
    return results;
  }
}
