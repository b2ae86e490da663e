package dev.sotto.signalling.dialogue;

import dev.sotto.signalling.stream.StreamTransport.Cancellable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Monotonic nanoseconds and timers that stand still until a test lets time pass. */
public final class VirtualTime {

  private final List<Timer> timers = new ArrayList<>();

  private long scheduled;

  // Not zero, and about to overflow, as System.nanoTime may be.
  private static final long START_NANOS = Long.MAX_VALUE - 1_000;

  private long nowNanos = START_NANOS;

  /** {@code number} tells apart what is due at once, and keeps its order. */
  private record Timer(long number, long atNanos, Runnable task) {}

  long nanos() {
    return nowNanos;
  }

  /** A clock that shows {@code start} before any time has passed. */
  Clock clock(Instant start) {
    return new Clock() {
      @Override
      public Instant instant() {
        return start.plusNanos(nowNanos - START_NANOS);
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  Cancellable schedule(Runnable task, long delayNanos) {
    Timer timer = new Timer(scheduled++, nowNanos + delayNanos, task);
    timers.add(timer);
    return () -> timers.remove(timer);
  }

  /** Runs what falls due, each at its own moment and in order. */
  public void pass(Duration duration) {
    long endNanos = nowNanos + duration.toNanos();
    Optional<Timer> due = nextUntil(endNanos);
    while (due.isPresent()) {
      timers.remove(due.get());
      nowNanos = due.get().atNanos();
      due.get().task().run();
      due = nextUntil(endNanos);
    }
    nowNanos = endNanos;
  }

  private Optional<Timer> nextUntil(long endNanos) {
    return timers.stream()
        .filter(timer -> timer.atNanos() - endNanos <= 0)
        .min(Comparator.comparingLong(timer -> timer.atNanos() - nowNanos));
  }
}
