package dev.sotto.signalling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nanoseconds count from anywhere and may wrap around, as those of {@link System#nanoTime}. */
final class RateLimiterTest {

  private static final long SECOND = 1_000_000_000L;
  private static final int RATE = 10;
  private static final long SHARE = SECOND / RATE;

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        Long.MIN_VALUE,
        Long.MIN_VALUE + SECOND / 2,
        Long.MAX_VALUE,
        Long.MAX_VALUE - SECOND / 2,
        -SECOND / 2
      })
  void oneSecondsWorthIsFreeAndTheNextWaitsItsShare(long start) {
    RateLimiter limiter = new RateLimiter(RATE, start);
    for (int i = 0; i < RATE; i++) {
      assertThat(limiter.acquire(start)).isZero();
    }
    assertThat(limiter.acquire(start)).isEqualTo(SHARE);
    assertThat(limiter.acquire(start + SHARE)).isEqualTo(SHARE);
    assertThat(limiter.acquire(start + 3 * SHARE)).isZero();

    long later = start + 60 * SECOND;
    for (int i = 0; i < RATE; i++) {
      assertThat(limiter.acquire(later)).as("a pause saves up no more than a second").isZero();
    }
    assertThat(limiter.acquire(later)).isEqualTo(SHARE);
  }
}
