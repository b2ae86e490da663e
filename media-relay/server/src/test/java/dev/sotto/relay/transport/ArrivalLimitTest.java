package dev.sotto.relay.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalLimitTest {
  private static final long SECOND = 1_000_000_000L;

  /** Near the end of the clock's range, since its origin does not matter. */
  private long now = Long.MAX_VALUE - SECOND / 2;

  private int admitted(ArrivalLimit limit, int packets, int length) {
    int admitted = 0;
    for (int i = 0; i < packets; i++) {
      admitted += limit.admits(length, now) ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void a_seconds_burst_is_let_in_and_then_as_many_as_come_free() {
    ArrivalLimit limit = new ArrivalLimit(100, 1_000_000, now);
    assertThat(admitted(limit, 200, 100)).isEqualTo(100);
    now += SECOND / 10;
    assertThat(admitted(limit, 200, 100)).isEqualTo(10);
    now += SECOND;
    assertThat(admitted(limit, 200, 100)).isEqualTo(100);
  }

  @Test
  void bytes_are_bounded_too() {
    ArrivalLimit limit = new ArrivalLimit(10_000, 80_000, now);
    assertThat(admitted(limit, 100, 1000)).isEqualTo(10);
    assertThat(limit.admits(1, now)).isFalse();
    now += SECOND / 2;
    assertThat(admitted(limit, 100, 1000)).isEqualTo(5);
  }

  @Test
  void what_is_refused_costs_nothing_of_the_budget() {
    ArrivalLimit limit = new ArrivalLimit(10, 80_000, now);
    assertThat(limit.admits(10_001, now)).isFalse();
    assertThat(admitted(limit, 100, 1000)).isEqualTo(10);
  }

  @Test
  void a_long_silence_saves_up_no_more_than_a_second() {
    ArrivalLimit limit = new ArrivalLimit(50, 1_000_000, now);
    now += 3600 * SECOND;
    assertThat(admitted(limit, 200, 10)).isEqualTo(50);
  }

  @Test
  void a_time_that_is_earlier_than_the_last_refills_nothing_twice() {
    ArrivalLimit limit = new ArrivalLimit(100, 1_000_000, now);
    assertThat(admitted(limit, 200, 10)).isEqualTo(100);
    for (int i = 0; i < 10; i++) {
      now -= SECOND / 2;
      assertThat(limit.admits(10, now)).isFalse();
      now += SECOND / 2;
      assertThat(limit.admits(10, now)).isFalse();
    }
  }
}
