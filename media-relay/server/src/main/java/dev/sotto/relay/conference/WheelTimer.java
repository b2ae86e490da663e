package dev.sotto.relay.conference;

/**
 * Something that is due at a time, and is its own entry in a {@link TimerWheel}, so that setting
 * and moving it allocates nothing.
 */
public abstract class WheelTimer {
  static final int IDLE = -1;

  WheelTimer previous = this;
  WheelTimer next = this;
  int slot = IDLE;
  long dueNanos;

  /** Whether it waits. */
  public final boolean isScheduled() {
    return slot != IDLE;
  }

  /** When it is due, if it waits. */
  public final long dueNanos() {
    return dueNanos;
  }

  /** It is due. It waits no more, and may be scheduled again in here. */
  protected abstract void onDue(long nowNanos);
}
