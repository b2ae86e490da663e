package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  private static final long SLOT_NANOS = 1L << TimerWheel.SLOT_BITS;

  private final List<String> fired = new ArrayList<>();

  private final class Named extends WheelTimer {
    private final String name;
    private Runnable then = () -> {};

    Named(String name) {
      this.name = name;
    }

    @Override
    protected void onDue(long nowNanos) {
      assertThat(nowNanos).isGreaterThanOrEqualTo(dueNanos());
      assertThat(isScheduled()).isFalse();
      fired.add(name);
      then.run();
    }
  }

  @Test
  void a_timer_is_due_at_its_time_and_once() {
    TimerWheel wheel = new TimerWheel(0);
    wheel.schedule(new Named("a"), 10 * SLOT_NANOS);
    wheel.advance(10 * SLOT_NANOS - 1);
    assertThat(fired).isEmpty();
    wheel.advance(10 * SLOT_NANOS);
    wheel.advance(20 * SLOT_NANOS);
    assertThat(fired).containsExactly("a");
    assertThat(wheel.size()).isZero();
  }

  @Test
  void the_time_of_the_next_one_is_told_also_across_the_turn_of_the_wheel() {
    TimerWheel wheel = new TimerWheel(4000 * SLOT_NANOS);
    assertThat(wheel.nextDueNanos()).isEqualTo(TimerWheel.NEVER);
    wheel.schedule(new Named("a"), 4200 * SLOT_NANOS + 1);
    assertThat(wheel.nextDueNanos()).isEqualTo(4201 * SLOT_NANOS);
  }

  @Test
  void a_timer_that_is_moved_is_due_at_its_new_time_only() {
    TimerWheel wheel = new TimerWheel(0);
    Named timer = new Named("a");
    wheel.schedule(timer, 10 * SLOT_NANOS);
    wheel.schedule(timer, 30 * SLOT_NANOS);
    wheel.advance(29 * SLOT_NANOS);
    assertThat(fired).isEmpty();
    wheel.scheduleBy(timer, 40 * SLOT_NANOS);
    wheel.advance(30 * SLOT_NANOS);
    assertThat(fired).containsExactly("a");
  }

  @Test
  void a_timer_that_is_cancelled_is_never_due() {
    TimerWheel wheel = new TimerWheel(0);
    Named timer = new Named("a");
    wheel.schedule(timer, 10 * SLOT_NANOS);
    wheel.cancel(timer);
    wheel.cancel(timer);
    wheel.advance(100 * SLOT_NANOS);
    assertThat(fired).isEmpty();
    assertThat(wheel.nextDueNanos()).isEqualTo(TimerWheel.NEVER);
  }

  @Test
  void a_timer_may_be_cancelled_or_moved_by_another_of_its_slot() {
    TimerWheel wheel = new TimerWheel(0);
    Named first = new Named("first");
    Named second = new Named("second");
    Named third = new Named("third");
    first.then =
        () -> {
          wheel.cancel(second);
          wheel.schedule(third, 12 * SLOT_NANOS);
        };
    wheel.schedule(first, 10 * SLOT_NANOS);
    wheel.schedule(second, 10 * SLOT_NANOS);
    wheel.schedule(third, 10 * SLOT_NANOS);
    wheel.advance(11 * SLOT_NANOS);
    assertThat(fired).containsExactly("first");
    wheel.advance(12 * SLOT_NANOS);
    assertThat(fired).containsExactly("first", "third");
  }

  @Test
  void one_that_is_set_again_for_now_when_it_is_due_does_not_keep_the_loop_for_itself() {
    TimerWheel wheel = new TimerWheel(0);
    Named timer = new Named("a");
    timer.then = () -> wheel.schedule(timer, 10 * SLOT_NANOS);
    wheel.schedule(timer, 10 * SLOT_NANOS);
    wheel.advance(10 * SLOT_NANOS);
    assertThat(fired).hasSize(1);
    wheel.advance(11 * SLOT_NANOS);
    assertThat(fired).hasSize(2);
  }

  @Test
  void one_that_is_set_into_the_past_during_a_stall_is_called_once_for_each_call() {
    TimerWheel wheel = new TimerWheel(0);
    Named timer = new Named("a");
    timer.then = () -> wheel.schedule(timer, 10 * SLOT_NANOS);
    wheel.schedule(timer, 10 * SLOT_NANOS);
    wheel.advance(3000 * SLOT_NANOS);
    assertThat(fired).hasSize(1);
  }

  @Test
  void a_stall_of_seconds_loses_nothing_and_calls_nothing_early() {
    TimerWheel wheel = new TimerWheel(0);
    for (int i = 0; i < 100; i++) {
      wheel.schedule(new Named("past"), i * 300L * SLOT_NANOS);
    }
    wheel.schedule(new Named("future"), 50_100 * SLOT_NANOS);
    wheel.advance(50_000 * SLOT_NANOS);
    assertThat(fired).hasSize(100).containsOnly("past");
    wheel.advance(50_100 * SLOT_NANOS);
    assertThat(fired).hasSize(101);
  }

  @Test
  void a_far_timer_waits_its_minutes() {
    TimerWheel wheel = new TimerWheel(-5);
    wheel.schedule(new Named("far"), 300_000 * SLOT_NANOS);
    int looks = 0;
    while (wheel.nextDueNanos() < 300_000 * SLOT_NANOS) {
      wheel.advance(wheel.nextDueNanos());
      looks++;
    }
    assertThat(fired).isEmpty();
    assertThat(looks).isLessThan(80);
    wheel.advance(300_000 * SLOT_NANOS);
    assertThat(fired).containsExactly("far");
  }

  @Test
  void never_takes_a_timer_out() {
    TimerWheel wheel = new TimerWheel(0);
    Named timer = new Named("a");
    wheel.schedule(timer, 10);
    wheel.schedule(timer, TimerWheel.NEVER);
    assertThat(timer.isScheduled()).isFalse();
    assertThat(wheel.size()).isZero();
  }
}
