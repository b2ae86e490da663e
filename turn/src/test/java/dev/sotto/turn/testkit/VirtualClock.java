package dev.sotto.turn.testkit;

import dev.sotto.turn.TurnClock;
import java.time.Duration;

/** A clock that moves only when a test says so, from one thread; any thread may read it. */
public final class VirtualClock implements TurnClock {
  /** Starts near the wrap-around, so that every comparison of times has to survive it. */
  private static final long START_NANOS = Long.MAX_VALUE - Duration.ofMinutes(5).toNanos();

  private static final long START_EPOCH_SECONDS = 1_800_000_000L;

  private volatile Duration elapsed = Duration.ZERO;

  public void advance(Duration duration) {
    elapsed = elapsed.plus(duration);
  }

  @Override
  public long monotonicNanos() {
    return START_NANOS + elapsed.toNanos();
  }

  @Override
  public long epochSeconds() {
    return START_EPOCH_SECONDS + elapsed.toSeconds();
  }
}
