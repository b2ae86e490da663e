package dev.sotto.media.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoogleCongestionControlTest {
  private static final long MS = 1_000_000;
  private static final RateLimits LIMITS = new RateLimits(100_000, 300_000, 10_000_000);

  private record Probe(int id, long rateBps, int minBytes) {}

  private final List<Probe> probes = new ArrayList<>();
  private final GoogleCongestionControl control =
      new GoogleCongestionControl(
          LIMITS, (id, bps, bytes, packets) -> probes.add(new Probe(id, bps, bytes)), 0);
  private int sequence;

  /** Sends a packet each step and tells of it 50 ms later, by tens; none is late or lost. */
  private long run(long fromNanos, long stepNanos, int packets, int bytes, int clusterId) {
    long now = fromNanos;
    for (int i = 0; i < packets; i++) {
      control.onPacketSent(sequence & 0xffff, bytes, now, clusterId);
      sequence++;
      now += stepNanos;
      if (i % 10 == 9) {
        tell(now, stepNanos, 10);
      }
    }
    return now;
  }

  private void tell(long nowNanos, long stepNanos, int packets) {
    control.beginFeedback(nowNanos + 50 * MS);
    for (int back = packets; back > 0; back--) {
      long sentNanos = nowNanos - back * stepNanos;
      control.onPacketFeedback(sequence - back & 0xffff, true, sentNanos / 1_000 + 25_000);
    }
    control.endFeedback();
  }

  @Test
  void it_starts_with_two_probes_at_multiples_of_the_start_rate() {
    control.onPacketSent(0, 1_000, 0, 0);

    assertThat(probes).extracting(Probe::rateBps).containsExactly(900_000L, 1_800_000L);
    assertThat(probes).extracting(Probe::id).doesNotContain(0).doesNotHaveDuplicates();
    assertThat(control.targetRateBps()).isEqualTo(300_000);
  }

  @Test
  void probes_reach_no_further_than_what_is_desired() {
    control.setDesiredRate(400_000);
    control.onPacketSent(0, 1_000, 0, 0);

    assertThat(probes).extracting(Probe::rateBps).containsExactly(420_000L);
  }

  @Test
  void a_probe_that_comes_through_raises_the_target_at_once_and_is_followed_by_a_faster_one() {
    long now = run(0, 10 * MS, 1, 1_000, 0);
    // 1,800 kbit/s: a packet of 1,200 bytes each 5.33 ms.
    run(now, 5_333_333, 20, 1_200, probes.get(1).id());

    assertThat(control.targetRateBps()).isBetween(1_700_000L, 1_850_000L);
    assertThat(probes).hasSizeGreaterThan(2);
    assertThat(probes.getLast().rateBps()).isGreaterThan(3_400_000);
  }

  @Test
  void who_does_not_use_the_target_is_raised_only_by_probes_and_those_come_by_timer() {
    long now = run(0, 20 * MS, 400, 300, 0); // 120 kbit/s
    assertThat(control.isApplicationLimited()).isTrue();
    assertThat(control.targetRateBps()).isLessThan(600_000);
    int before = probes.size();

    assertThat(control.nextTimerNanos()).isLessThan(now + 6_000 * MS);
    control.onTimer(Math.max(now, control.nextTimerNanos()));

    assertThat(probes).hasSize(before + 1);
  }

  @Test
  void without_more_desired_there_is_no_probe_and_no_timer_for_one() {
    control.setDesiredRate(100_000);
    long now = run(0, 20 * MS, 400, 300, 0);
    tell(now, 20 * MS, 10);

    assertThat(probes).isEmpty();
    assertThat(control.nextTimerNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void silence_of_the_receiver_lowers_the_target_step_by_step_to_the_least() {
    long now = run(0, 10 * MS, 100, 500, 0);
    long before = control.targetRateBps();
    control.onPacketSent(sequence++, 500, now, 0);

    assertThat(control.nextTimerNanos()).isEqualTo(now + 1_000 * MS);
    control.onTimer(control.nextTimerNanos());
    assertThat(control.targetRateBps()).isLessThan(before * 3 / 4);
    for (int i = 1; i < 20; i++) {
      control.onPacketSent(sequence++, 500, now + i * 1_000L * MS, 0);
      control.onTimer(now + i * 1_000L * MS + 500 * MS);
    }
    assertThat(control.targetRateBps()).isEqualTo(LIMITS.minBps());
  }

  @Test
  void who_sends_nothing_is_not_lowered_for_hearing_nothing() {
    long now = run(0, 10 * MS, 100, 500, 0);
    control.onPacketSent(sequence++, 500, now, 0);
    control.onTimer(now + 1_000 * MS);
    long once = control.targetRateBps();

    for (int i = 2; i < 100; i++) {
      control.onTimer(now + i * 1_000L * MS);
    }

    assertThat(control.targetRateBps()).isEqualTo(once);
  }

  @Test
  void much_more_desired_is_probed_for_without_waiting() {
    control.setDesiredRate(100_000);
    long now = run(0, 20 * MS, 400, 300, 0);
    control.setDesiredRate(2_000_000);
    control.onPacketSent(sequence++, 500, now, 0);

    assertThat(control.nextTimerNanos()).isLessThanOrEqualTo(now);
    control.onTimer(now);
    assertThat(probes).hasSize(1);
  }

  @Test
  void the_origin_of_the_clocks_does_not_matter() {
    assertThat(targetWithOrigin(Long.MIN_VALUE / 2, -5_000_000))
        .isEqualTo(targetWithOrigin(0, 0))
        .isEqualTo(targetWithOrigin(Long.MAX_VALUE / 2, 1L << 40));
  }

  private static long targetWithOrigin(long originNanos, long originMicros) {
    long origin = originNanos / 1_000 * 1_000;
    GoogleCongestionControl shifted =
        new GoogleCongestionControl(LIMITS, (_, _, _, _) -> {}, origin);
    for (int i = 0; i < 3_000; i++) {
      long now = origin + i * 5L * MS;
      shifted.onPacketSent(i, 300, now, 0);
      shifted.beginFeedback(now + 30 * MS);
      shifted.onPacketFeedback(i, i % 50 != 0, originMicros + i * 5_000L + i % 40 * 700L);
      shifted.endFeedback();
    }
    return shifted.targetRateBps();
  }

  @Test
  void remb_alone_is_the_target() {
    control.onRemb(750_000, 0);

    assertThat(control.targetRateBps()).isEqualTo(750_000);
  }

  @Test
  void remb_bounds_what_feedback_allows_for_ten_seconds() {
    run(0, 10 * MS, 100, 500, 0);
    control.onRemb(150_000, 1_000 * MS);
    assertThat(control.targetRateBps()).isEqualTo(150_000);

    control.onTimer(12_000 * MS);
    assertThat(control.targetRateBps()).isGreaterThan(150_000);
  }

  @Test
  void feedback_on_what_was_never_sent_or_told_already_changes_nothing() {
    control.onPacketSent(7, 1_000, 0, 0);
    control.beginFeedback(50 * MS);
    for (int i = 0; i < 65_536; i++) {
      control.onPacketFeedback(i, i % 2 == 0, Long.MAX_VALUE / 2 - i);
    }
    control.endFeedback();
    control.beginFeedback(60 * MS);
    control.onPacketFeedback(7, true, Long.MIN_VALUE);
    control.endFeedback();

    assertThat(control.targetRateBps()).isBetween(LIMITS.minBps(), LIMITS.maxBps());
  }

  @Test
  void arrival_times_that_make_no_sense_keep_the_target_in_its_limits() {
    long now = 0;
    for (int i = 0; i < 5_000; i++) {
      control.onPacketSent(i & 0xffff, 1_200, now, i % 50 == 0 ? 1 : 0);
      now += 5 * MS;
      control.beginFeedback(now);
      control.onPacketFeedback(i & 0xffff, i % 7 != 0, (i * 7_919L % 1_000 - 500) << i % 50);
      control.endFeedback();
      assertThat(control.targetRateBps()).isBetween(LIMITS.minBps(), LIMITS.maxBps());
    }
  }

  @Test
  void limits_out_of_order_are_refused() {
    assertThatThrownBy(() -> new RateLimits(10, 5, 20))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_packet_costs_no_heap() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    GoogleCongestionControl quiet = new GoogleCongestionControl(LIMITS, (_, _, _, _) -> {}, 0);
    int packets = 100_000;
    double least = Double.MAX_VALUE;
    long now = 0;
    int seq = 0;
    for (int round = 0; round < 10 && least >= 1; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < packets; i++) {
        quiet.onPacketSent(seq & 0xffff, 1_200, now, 0);
        seq++;
        now += 5 * MS;
        if (i % 10 == 9) {
          quiet.beginFeedback(now);
          for (int back = 10; back > 0; back--) {
            long arrival = (now - back * 5L * MS) / 1_000 + i % 17 * 100L;
            quiet.onPacketFeedback(seq - back & 0xffff, back != 3, arrival);
          }
          quiet.endFeedback();
          quiet.onTimer(now);
        }
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      least = Math.min(least, allocated / (double) packets);
    }
    assertThat(least).isLessThan(1);
  }
}
