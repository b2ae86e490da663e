package dev.sotto.media.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeControllerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final double TARGET_BPS = 1_000_000;

  private final List<Long> rates = new ArrayList<>();
  private final ProbeController probes =
      new ProbeController(
          new RateLimits(100_000, 1_000_000, 20_000_000),
          new ProbeEstimator(),
          (_, bps, _, _) -> rates.add(bps));

  /** Starts, and lets the probes of the start bring nothing. */
  private long started() {
    probes.start(TARGET_BPS, 0);
    probes.onResult(TARGET_BPS, SECOND / 2);
    rates.clear();
    return probes.nextNanos(TARGET_BPS);
  }

  private long probeAt(long nowNanos) {
    probes.onTimer(TARGET_BPS, nowNanos);
    return nowNanos + SECOND / 10;
  }

  @Test
  void a_probe_that_brings_nothing_doubles_the_time_to_the_next_one_up_to_40_s() {
    long now = started();
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      now = probeAt(now);
      probes.onResult(TARGET_BPS, now);
      waits.add((probes.nextNanos(TARGET_BPS) - now) / SECOND);
      now = probes.nextNanos(TARGET_BPS);
    }

    assertThat(rates).hasSize(4).containsOnly(2_000_000L);
    assertThat(waits).containsExactly(20L, 40L, 40L, 40L);
  }

  @Test
  void a_rise_that_lasts_makes_probes_frequent_again() {
    long now = probeAt(started());
    probes.onResult(1.3 * TARGET_BPS, now);
    long next = probes.nextNanos(TARGET_BPS);

    probes.onTimer(1.3 * TARGET_BPS, next);

    assertThat(probes.nextNanos(TARGET_BPS) - next).isEqualTo(5 * SECOND);
  }

  @Test
  void a_rise_that_is_followed_by_a_fall_counts_as_nothing() {
    long now = probeAt(started());
    probes.onResult(1.3 * TARGET_BPS, now);
    probes.onDecrease(1.3 * TARGET_BPS, TARGET_BPS, false, now + SECOND);
    long next = probes.nextNanos(TARGET_BPS);

    probes.onTimer(TARGET_BPS, next);

    assertThat(probes.nextNanos(TARGET_BPS) - next).isEqualTo(20 * SECOND);
  }

  @Test
  void after_a_fall_from_an_unused_rate_most_of_it_is_probed_for() {
    started();
    probes.onDecrease(4_000_000, TARGET_BPS, true, SECOND);

    probes.onRecovered(TARGET_BPS, 2 * SECOND);

    assertThat(rates).containsExactly(3_400_000L);
  }
}
