package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class TimerWheelPropertiesTest {
  private static final long SLOT_NANOS = 1L << TimerWheel.SLOT_BITS;
  private static final int TIMERS = 40;

  /** What waits, by number. */
  private final Map<Integer, Long> model = new TreeMap<>();

  /** Until when each of them is due at the latest: who is set into the past is due from then on. */
  private final Map<Integer, Long> latest = new TreeMap<>();

  private final class Numbered extends WheelTimer {
    private final int number;

    Numbered(int number) {
      this.number = number;
    }

    @Override
    protected void onDue(long nowNanos) {
      Long due = model.remove(number);
      assertThat(due).as("waits").isNotNull();
      assertThat(nowNanos).as("not early").isGreaterThanOrEqualTo(due);
    }
  }

  @Property
  void a_wheel_is_a_sorted_map_that_is_late_by_a_slot_at_most(
      @ForAll long seed, @ForAll @LongRange(min = -1L << 50, max = 1L << 50) long origin) {
    model.clear();
    Random random = new Random(seed);
    long now = origin;
    TimerWheel wheel = new TimerWheel(now);
    Numbered[] timers = new Numbered[TIMERS];
    for (int i = 0; i < TIMERS; i++) {
      timers[i] = new Numbered(i);
    }
    for (int step = 0; step < 300; step++) {
      int number = random.nextInt(TIMERS);
      switch (random.nextInt(8)) {
        case 0 -> {
          wheel.cancel(timers[number]);
          model.remove(number);
        }
        case 1, 2, 3 -> {
          // From the past to three turns of the wheel ahead.
          long due = now - SLOT_NANOS + (random.nextLong() & (1L << (20 + random.nextInt(13))) - 1);
          wheel.schedule(timers[number], due);
          model.put(number, due);
          latest.put(number, Math.max(due, now) + SLOT_NANOS);
        }
        case 4 -> {
          long due = now + random.nextLong(1 << 30);
          wheel.scheduleBy(timers[number], due);
          if (due < model.getOrDefault(number, Long.MAX_VALUE)) {
            model.put(number, due);
            latest.put(number, due + SLOT_NANOS);
          }
        }
        case 5 -> now = advance(wheel, now + random.nextLong(1L << 33));
        default -> now = advance(wheel, now + random.nextLong(1 << 22));
      }
      assertThat(wheel.size()).isEqualTo(model.size());
      if (!model.isEmpty()) {
        long first = model.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        assertThat(wheel.nextDueNanos()).isLessThanOrEqualTo(Math.max(first, now) + SLOT_NANOS);
      }
    }
  }

  private long advance(TimerWheel wheel, long now) {
    wheel.advance(now);
    model
        .keySet()
        .forEach(number -> assertThat(latest.get(number)).as("not late").isGreaterThan(now));
    return now;
  }
}
