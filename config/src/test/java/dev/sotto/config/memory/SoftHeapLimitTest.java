package dev.sotto.config.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SoftHeapLimitTest {
  private static final double BUSY = 0.5;
  private static final double NEITHER = 0.05;
  private static final double CALM = 0.0;

  private final SoftHeapLimit limit = new SoftHeapLimit(96, 512);

  @Test
  void doubles_each_second_in_which_the_collector_is_busy_up_to_the_maximum() {
    assertThat(limit.next(BUSY)).isEqualTo(192);
    assertThat(limit.next(BUSY)).isEqualTo(384);
    assertThat(limit.next(BUSY)).isEqualTo(512);
    assertThat(limit.next(BUSY)).isEqualTo(512);
  }

  @Test
  void comes_back_one_step_after_each_minute_of_calm_and_no_further_than_it_began() {
    limit.next(BUSY);
    limit.next(BUSY);

    assertThat(afterSeconds(59, CALM)).isEqualTo(384);
    assertThat(limit.next(CALM)).isEqualTo(192);
    assertThat(afterSeconds(60, CALM)).isEqualTo(96);
    assertThat(afterSeconds(60, CALM)).isEqualTo(96);
  }

  @Test
  void stays_while_the_collector_is_neither_busy_nor_calm() {
    limit.next(BUSY);
    afterSeconds(59, CALM);

    assertThat(afterSeconds(100, NEITHER)).isEqualTo(192);
    assertThat(afterSeconds(59, CALM)).as("calm seconds count in a row only").isEqualTo(192);
  }

  private long afterSeconds(int seconds, double collectingShare) {
    long bytes = 0;
    for (int i = 0; i < seconds; i++) {
      bytes = limit.next(collectingShare);
    }
    return bytes;
  }
}
