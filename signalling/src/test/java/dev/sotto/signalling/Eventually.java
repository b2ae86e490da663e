package dev.sotto.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What another thread of this process does without telling anybody: the server counts a connection
 * as closed after its peer has seen the end.
 */
public final class Eventually {

  private Eventually() {}

  /** Returns once the condition holds; fails after ten seconds. */
  public static void holds(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(deadline - System.nanoTime()).as(what).isPositive();
      LockSupport.parkNanos(1_000_000);
    }
  }
}
