package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinkTest {
  private static final long MILLI = 1_000_000;
  private static final int BYTES_OF_1000_ON_THE_PATH = 972;

  private final Link link = new Link(new SplittableRandom(1));

  @Test
  void a_clear_link_passes_everything_on_at_once() {
    for (long now = 0; now < 100; now++) {
      assertThat(link.offer(1200, now)).isEqualTo(now);
    }
    assertThat(link.passed()).isEqualTo(100);
  }

  @Test
  void a_datagram_takes_as_long_as_the_rate_says_and_waits_for_those_before() {
    link.set(LinkConditions.CLEAR.withRate(1_000_000, Duration.ofMillis(100)));

    assertThat(link.offer(BYTES_OF_1000_ON_THE_PATH, 0)).isEqualTo(8 * MILLI);
    assertThat(link.offer(BYTES_OF_1000_ON_THE_PATH, 0)).isEqualTo(16 * MILLI);
    assertThat(link.offer(BYTES_OF_1000_ON_THE_PATH, 50 * MILLI)).isEqualTo(58 * MILLI);
  }

  @Test
  void what_would_wait_longer_than_the_queue_is_dropped() {
    link.set(LinkConditions.CLEAR.withRate(1_000_000, Duration.ofMillis(20)));

    for (int i = 0; i < 10; i++) {
      var _ = link.offer(BYTES_OF_1000_ON_THE_PATH, 0);
    }
    assertThat(link.passed()).isEqualTo(3);
    assertThat(link.overflowed()).isEqualTo(7);
  }

  @Test
  void loss_is_as_often_as_asked_for_and_the_same_for_the_same_seed() {
    Link twin = new Link(new SplittableRandom(1));
    link.set(LinkConditions.CLEAR.withLoss(0.1));
    twin.set(LinkConditions.CLEAR.withLoss(0.1));

    List<Long> times = new ArrayList<>();
    List<Long> twinTimes = new ArrayList<>();
    for (long now = 0; now < 10_000; now++) {
      times.add(link.offer(100, now));
      twinTimes.add(twin.offer(100, now));
    }
    assertThat(link.lost()).isBetween(900L, 1100L);
    assertThat(times).isEqualTo(twinTimes);
  }

  @Test
  void jitter_lies_within_its_bounds_and_keeps_the_order() {
    link.set(LinkConditions.CLEAR.withDelay(Duration.ofMillis(100), Duration.ofMillis(10)));

    List<Long> times = new ArrayList<>();
    for (long now = 0; now < 1000 * MILLI; now += MILLI) {
      long out = link.offer(100, now);
      assertThat(out - now).isBetween(100 * MILLI, 110 * MILLI);
      times.add(out);
    }
    assertThat(times).isSorted();
  }
}
