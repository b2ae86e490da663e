package dev.sotto.relay.link;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what others do, with a deadline. */
final class Await {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private Await() {}

  static void until(int seconds, String what, BooleanSupplier condition) {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new AssertionError("after " + seconds + " s not yet: " + what);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
