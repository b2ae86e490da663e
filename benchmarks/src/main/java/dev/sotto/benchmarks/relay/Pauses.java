package dev.sotto.benchmarks.relay;

import java.time.Duration;

/** Waiting, for code that nobody interrupts. */
final class Pauses {

  private Pauses() {}

  /**
   * Waits.
   *
   * @throws IllegalStateException when interrupted all the same
   */
  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
