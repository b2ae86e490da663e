package dev.sotto.relay.worker;

import dev.sotto.relay.conference.TimerWheel;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Has an event loop come back to a wheel when the next timer of it is due. A task of the loop's is
 * set only for a time before all those that wait, so there are never two for one time; those whose
 * timer is gone find nothing to do.
 */
final class LoopTimer {
  /** The wheel has no more different times. */
  private static final int MOST_WAITING = 4096;

  private final EventLoop loop;
  private final TimerWheel wheel;
  private final Runnable onTime;

  /** When the tasks that wait are due, each before the one below it. */
  private final long[] dueNanos = new long[MOST_WAITING];

  private int waiting;

  /**
   * @param onTime called on the loop when a timer may be due
   */
  LoopTimer(EventLoop loop, TimerWheel wheel, Runnable onTime) {
    this.loop = loop;
    this.wheel = wheel;
    this.onTime = onTime;
  }

  /** To be called on the loop after anything that may have set a timer. */
  void arm(long nowNanos) {
    long due = wheel.nextDueNanos();
    if (due == TimerWheel.NEVER
        || (waiting > 0 && dueNanos[waiting - 1] - due <= 0)
        || waiting == dueNanos.length) {
      return;
    }
    dueNanos[waiting++] = due;
    var _ = loop.schedule(this::fire, Math.max(0, due - nowNanos), TimeUnit.NANOSECONDS);
  }

  /** Tasks that wait. */
  int waiting() {
    return waiting;
  }

  private void fire() {
    // The loop runs them in the order of their times, so this is the one that was set last.
    waiting--;
    onTime.run();
  }
}
