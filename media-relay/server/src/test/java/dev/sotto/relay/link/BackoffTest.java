package dev.sotto.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Backoff, on a virtual clock")
class BackoffTest {
  private static final long FIRST = Duration.ofMillis(500).toNanos();
  private static final long LAST = Duration.ofSeconds(30).toNanos();

  /** Begins just before the clock overflows, which a monotonic clock may do. */
  private long now = Long.MAX_VALUE - LAST;

  private final Backoff backoff = new Backoff(FIRST, LAST, new Random(1));

  @Test
  void waits_twice_as_long_after_each_failure_up_to_its_bound() {
    long ceiling = FIRST;
    for (int attempt = 0; attempt < 20; attempt++) {
      assertThat(failAndWait()).isBetween(ceiling / 2, ceiling);
      ceiling = Math.min(LAST, 2 * ceiling);
    }
  }

  @Test
  void relays_that_lost_the_same_server_do_not_return_as_one() {
    List<Long> waits = new ArrayList<>();
    for (int relay = 0; relay < 100; relay++) {
      Backoff each = new Backoff(FIRST, LAST, new Random(relay));
      each.failed(now);
      waits.add(each.waitNanos(now));
    }
    assertThat(waits).doesNotHaveDuplicates();
    assertThat(
            waits.stream().mapToLong(wait -> wait).max().getAsLong()
                - waits.stream().mapToLong(wait -> wait).min().getAsLong())
        .isGreaterThan(FIRST / 3);
  }

  @Test
  void starts_anew_after_a_link_that_stood() {
    failTimes(10);
    backoff.connected(now);
    now += LAST;

    assertThat(failAndWait()).isLessThanOrEqualTo(FIRST);
  }

  @Test
  void goes_on_after_a_server_that_takes_relays_only_to_drop_them() {
    failTimes(10);
    backoff.connected(now);
    now += LAST - 1;

    assertThat(failAndWait()).isGreaterThanOrEqualTo(LAST / 2);
  }

  @Test
  void an_old_success_does_not_count_for_a_later_attempt() {
    backoff.connected(now);
    failTimes(10);
    now += 2 * LAST;

    assertThat(failAndWait()).isGreaterThanOrEqualTo(LAST / 2);
  }

  @Test
  void what_has_passed_is_not_waited_for() {
    backoff.failed(now);
    long wait = backoff.waitNanos(now);

    assertThat(backoff.waitNanos(now + wait - 1)).isEqualTo(1);
    assertThat(backoff.waitNanos(now + wait)).isZero();
    assertThat(backoff.waitNanos(now + 2 * wait)).isZero();
  }

  private void failTimes(int times) {
    for (int i = 0; i < times; i++) {
      failAndWait();
    }
  }

  private long failAndWait() {
    backoff.failed(now);
    long wait = backoff.waitNanos(now);
    now += wait;
    return wait;
  }
}
