package dev.sotto.relay.worker;

import dev.sotto.relay.conference.TimerWheel;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Has an event loop come back to a wheel when the next timer of it is due. One task of the loop's
 * waits at a time, or a few when an earlier time comes up; those that come too early find nothing.
 */
final class LoopTimer {
  private final EventLoop loop;
  private final TimerWheel wheel;
  private final Runnable onTime;
  private long armedNanos = TimerWheel.NEVER;

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
    if (due == TimerWheel.NEVER || (armedNanos != TimerWheel.NEVER && armedNanos - due <= 0)) {
      return;
    }
    armedNanos = due;
    var _ = loop.schedule(() -> fire(due), Math.max(0, due - nowNanos), TimeUnit.NANOSECONDS);
  }

  private void fire(long due) {
    if (armedNanos == due) {
      armedNanos = TimerWheel.NEVER;
    }
    onTime.run();
  }
}
