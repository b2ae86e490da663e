package dev.sotto.benchmarks.relay;

import java.time.Duration;

/**
 * How often and for how long relays are loaded.
 *
 * @param rounds turns of each relay in a case
 * @param length of a turn, as far as it is counted
 * @param warmUp load of each relay before the first case: compilers need some time, and Janus,
 *     which has none, gets the same
 */
record Schedule(int rounds, Duration length, Duration warmUp) {

  private static final Schedule QUICK =
      new Schedule(2, Duration.ofSeconds(2), Duration.ofSeconds(4));

  static Schedule full(int rounds) {
    return new Schedule(rounds, Duration.ofSeconds(4), Duration.ofSeconds(30));
  }

  /** To see that it works; its figures are worth nothing. */
  static Schedule quick() {
    return QUICK;
  }

  boolean isQuick() {
    return equals(QUICK);
  }

  Schedule withWarmUp(Duration time) {
    return isQuick() ? this : new Schedule(rounds, length, time);
  }
}
