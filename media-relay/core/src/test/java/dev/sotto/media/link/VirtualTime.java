package dev.sotto.media.link;

import java.util.PriorityQueue;

/** A clock that jumps from event to event; events of one time run in the order they were set. */
public final class VirtualTime {
  private record Event(long nanos, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowNanos;
  private long order;

  public long nowNanos() {
    return nowNanos;
  }

  public double seconds() {
    return nowNanos / 1e9;
  }

  /** Runs an action at a time; one in the past is run now. */
  public void at(long nanos, Runnable action) {
    events.add(new Event(Math.max(nanos, nowNanos), order++, action));
  }

  public void after(long nanos, Runnable action) {
    at(nowNanos + nanos, action);
  }

  public void runUntil(double seconds) {
    long end = (long) (seconds * 1e9);
    while (!events.isEmpty() && events.peek().nanos() <= end) {
      Event event = events.remove();
      nowNanos = event.nanos();
      event.action().run();
    }
    nowNanos = end;
  }
}
