package dev.sotto.relay.conference;

import java.util.Arrays;

/**
 * The timers of one worker: a wheel of a quarter of a millisecond a slot. Timers of one slot are
 * due together, which is what lets packets of many receivers leave with one system call. Setting,
 * moving and taking out a timer is constant work without allocation; what is due beyond the wheel's
 * second waits in it and is looked at again. Of one event loop.
 */
public final class TimerWheel {
  /** 262 us: a delay that nobody measures in a call, and long enough to gather packets. */
  static final int SLOT_BITS = 18;

  private static final int SLOTS = 4096;
  private static final int MASK = SLOTS - 1;

  /** {@link #nextDueNanos} of an empty wheel. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Heads of circular lists. */
  private final WheelTimer[] heads = new WheelTimer[SLOTS];

  private final long[] occupied = new long[SLOTS / Long.SIZE];

  /** Slots before this one have been gone through; counted on without end. */
  private long position;

  private int size;

  /** No timer is put before this slot: what is set while time goes on waits for the next call. */
  private long earliest;

  /**
   * An empty wheel.
   *
   * @param nowNanos the clock of all later calls; its origin does not matter
   */
  public TimerWheel(long nowNanos) {
    position = nowNanos >> SLOT_BITS;
    earliest = position;
    Arrays.setAll(heads, _ -> new Head());
  }

  private static final class Head extends WheelTimer {
    @Override
    protected void onDue(long nowNanos) {
      throw new IllegalStateException("the head of a list is never due");
    }
  }

  /** Sets a timer, or moves it. One that is in the past is due at the next {@link #advance}. */
  public void schedule(WheelTimer timer, long dueNanos) {
    cancel(timer);
    timer.dueNanos = dueNanos;
    if (dueNanos == NEVER) {
      return;
    }
    // Rounded up: never early.
    long at = ((dueNanos - 1) >> SLOT_BITS) + 1;
    // One short of a whole turn, so that the slot being gone through gets none.
    insert(timer, Math.min(Math.max(at, earliest), position + MASK - 1));
  }

  /** Sets a timer unless it is set to an earlier time. */
  public void scheduleBy(WheelTimer timer, long dueNanos) {
    if (!timer.isScheduled() || dueNanos - timer.dueNanos < 0) {
      schedule(timer, dueNanos);
    }
  }

  private void insert(WheelTimer timer, long at) {
    int slot = (int) at & MASK;
    WheelTimer head = heads[slot];
    timer.slot = slot;
    timer.previous = head.previous;
    timer.next = head;
    head.previous.next = timer;
    head.previous = timer;
    occupied[slot >> 6] |= 1L << slot;
    size++;
  }

  /** Takes a timer out, if it waits. */
  public void cancel(WheelTimer timer) {
    if (!timer.isScheduled()) {
      return;
    }
    timer.previous.next = timer.next;
    timer.next.previous = timer.previous;
    timer.previous = timer;
    timer.next = timer;
    WheelTimer head = heads[timer.slot];
    if (head.next.equals(head)) {
      occupied[timer.slot >> 6] &= ~(1L << timer.slot);
    }
    timer.slot = WheelTimer.IDLE;
    size--;
  }

  /** Calls all that is due. */
  public void advance(long nowNanos) {
    long until = nowNanos >> SLOT_BITS;
    if (until - position >= SLOTS) {
      // After a stall of more than a second every slot is gone through once.
      position = until - MASK;
    }
    earliest = Math.max(earliest, until + 1);
    while (position <= until) {
      int slot = (int) position & MASK;
      position++;
      if ((occupied[slot >> 6] & (1L << slot)) != 0) {
        runSlot(slot, nowNanos);
      } else if (size == 0) {
        position = until + 1;
      }
    }
  }

  private void runSlot(int slot, long nowNanos) {
    // What is scheduled meanwhile goes to later slots, so this list only gets shorter.
    WheelTimer head = heads[slot];
    while (!head.next.equals(head)) {
      WheelTimer timer = head.next;
      cancel(timer);
      if (timer.dueNanos - nowNanos > 0) {
        schedule(timer, timer.dueNanos);
      } else {
        timer.onDue(nowNanos);
      }
    }
  }

  /** When {@link #advance} has something to look at next, or {@link #NEVER}. */
  public long nextDueNanos() {
    if (size == 0) {
      return NEVER;
    }
    int from = (int) position & MASK;
    int word = from >> 6;
    long bits = occupied[word] & (-1L << from);
    int words = 0;
    while (bits == 0 && words++ < occupied.length) {
      word = (word + 1) & (occupied.length - 1);
      bits = occupied[word];
    }
    int slot = (word << 6) + Long.numberOfTrailingZeros(bits);
    return (position + ((slot - from) & MASK)) << SLOT_BITS;
  }

  public int size() {
    return size;
  }
}
