package dev.sotto.relay.statistics;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The counters of one worker. Written by its event loop only; read by any thread, a little late.
 */
public final class Counters {
  private final Map<Counter, AtomicLong> values = zeros(Counter.class);
  private final Map<DropReason, AtomicLong> drops = zeros(DropReason.class);

  public void increment(Counter counter) {
    add(counter, 1);
  }

  public void add(Counter counter, long amount) {
    add(values.get(counter), amount);
  }

  public void drop(DropReason reason) {
    add(drops.get(reason), 1);
  }

  public long value(Counter counter) {
    return values.get(counter).get();
  }

  public long dropped(DropReason reason) {
    return drops.get(reason).get();
  }

  private static void add(AtomicLong counter, long amount) {
    counter.lazySet(counter.getPlain() + amount);
  }

  private static <E extends Enum<E>> Map<E, AtomicLong> zeros(Class<E> names) {
    Map<E, AtomicLong> zeros = new EnumMap<>(names);
    EnumSet.allOf(names).forEach(name -> zeros.put(name, new AtomicLong()));
    return zeros;
  }
}
