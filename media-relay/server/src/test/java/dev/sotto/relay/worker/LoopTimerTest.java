package dev.sotto.relay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.conference.TimerWheel;
import dev.sotto.relay.conference.WheelTimer;
import dev.sotto.relay.testkit.RelayWorld;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTimerTest {
  private static final long MILLI = 1_000_000L;
  private static final long FAR = 300_000 * MILLI;

  private final EventLoopGroup loops = Kernel.newLoops(1);
  private final EventLoop loop = loops.next();
  private final TimerWheel wheel = new TimerWheel(System.nanoTime());
  private final AtomicInteger comings = new AtomicInteger();
  private LoopTimer timer;

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static final class Waiting extends WheelTimer {
    private final AtomicLong calledNanos = new AtomicLong();
    private volatile boolean called;

    @Override
    protected void onDue(long nowNanos) {
      calledNanos.set(nowNanos);
      called = true;
    }
  }

  private void onLoop(Runnable task) {
    assertThat(loop.submit(task).awaitUninterruptibly().cause()).isNull();
  }

  private void begin() {
    timer =
        new LoopTimer(
            loop,
            wheel,
            () -> {
              comings.incrementAndGet();
              wheel.advance(System.nanoTime());
              timer.arm(System.nanoTime());
            });
  }

  @Test
  void timers_are_called_when_they_are_due_whatever_their_order() {
    begin();
    List<Waiting> waiting = new ArrayList<>();
    List<Long> dues = new ArrayList<>();
    onLoop(() -> {
      for (int millis : new int[] {40, 5, 80, 20, 1}) {
        Waiting one = new Waiting();
        waiting.add(one);
        dues.add(System.nanoTime() + millis * MILLI);
        wheel.schedule(one, dues.getLast());
        timer.arm(System.nanoTime());
      }
    });
    for (int i = 0; i < waiting.size(); i++) {
      Waiting one = waiting.get(i);
      RelayWorld.await("timer " + i, () -> one.called);
      assertThat(one.calledNanos.get() - dues.get(i)).isNotNegative();
    }
  }

  @Test
  void a_near_timer_that_comes_and_goes_leaves_nothing_behind_in_the_loop() {
    begin();
    Waiting near = new Waiting();
    onLoop(() -> {
      wheel.schedule(new Waiting(), System.nanoTime() + FAR);
      timer.arm(System.nanoTime());
    });
    for (int i = 0; i < 200; i++) {
      onLoop(() -> {
        near.called = false;
        wheel.schedule(near, System.nanoTime() + MILLI / 2);
        timer.arm(System.nanoTime());
      });
      RelayWorld.await("the near timer", () -> near.called);
      onLoop(() -> assertThat(timer.waiting()).isLessThanOrEqualTo(2));
    }
  }

  @Test
  void arming_again_for_the_same_time_sets_no_other_task() {
    begin();
    onLoop(() -> {
      wheel.schedule(new Waiting(), System.nanoTime() + FAR);
      for (int i = 0; i < 10_000; i++) {
        timer.arm(System.nanoTime());
      }
      assertThat(timer.waiting()).isEqualTo(1);
    });
  }

  @Test
  void an_empty_wheel_is_not_come_back_to() {
    begin();
    onLoop(() -> timer.arm(System.nanoTime()));
    onLoop(() -> assertThat(timer.waiting()).isZero());
    assertThat(comings).hasValue(0);
  }
}
