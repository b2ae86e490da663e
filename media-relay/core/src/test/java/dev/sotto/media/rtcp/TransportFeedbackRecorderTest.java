package dev.sotto.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.media.rtp.testkit.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TransportFeedbackRecorderTest {
  private static final int ROOM = 1200;
  private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long TICK = 250_000;
  private static final long INTERVAL = 100 * MILLIS;

  /** Near the wrap-around of the clock, which every comparison has to survive. */
  private long now = Long.MAX_VALUE - 20 * MILLIS;

  private final TransportFeedbackRecorder recorder = new TransportFeedbackRecorder(4096, INTERVAL);
  private final MemorySegment out = Bytes.allocate(ROOM);
  private final RtcpCompound compound = new RtcpCompound();
  private final TransportFeedback feedback = new TransportFeedback();
  private int length;

  private List<String> report() {
    return report(ROOM);
  }

  /** What one packet of feedback says, with arrivals in ticks since the first. */
  private List<String> report(int room) {
    length = recorder.write(out, 0, room, 1, 2);
    List<String> told = new ArrayList<>();
    if (length == 0) {
      return told;
    }
    long[] first = {Long.MIN_VALUE};
    assertThat(length).isLessThanOrEqualTo(room);
    assertThat(compound.wrap(out, 0, length)).isTrue();
    assertThat(compound.next()).isTrue();
    assertThat(
            feedback.read(
                compound,
                (number, received, micros) -> {
                  if (received && first[0] == Long.MIN_VALUE) {
                    first[0] = micros;
                  }
                  told.add(number + (received ? "@" + (micros - first[0]) / 250 : " lost"));
                }))
        .isTrue();
    assertThat(compound.next()).isFalse();
    return told;
  }

  private void arrive(int number, long laterTicks) {
    recorder.onPacket(number, now + laterTicks * TICK);
  }

  @Test
  void arrivals_and_gaps_are_reported() {
    arrive(65534, 0);
    arrive(65535, 3);
    arrive(2, 300);
    arrive(3, 301);

    assertThat(report())
        .containsExactly("65534@0", "65535@3", "0 lost", "1 lost", "2@300", "3@301");
    assertThat(feedback.senderSsrc()).isEqualTo(1);
    assertThat(feedback.mediaSsrc()).isEqualTo(2);
    assertThat(report()).isEmpty();
  }

  @Test
  void losses_before_the_next_report_belong_to_it() {
    arrive(10, 0);
    report();
    arrive(13, 0);

    assertThat(report()).containsExactly("11 lost", "12 lost", "13@0");
  }

  @Test
  void the_feedback_count_goes_up_and_wraps() {
    for (int i = 0; i < 300; i++) {
      arrive(i, i);
      report();
      assertThat(feedback.feedbackCount()).isEqualTo(i & 0xff);
    }
  }

  @Test
  void a_packet_that_was_overtaken_has_a_negative_delta() {
    arrive(1, 10);
    arrive(3, 12);
    arrive(2, 20);

    assertThat(report()).containsExactly("1@0", "2@10", "3@2");
  }

  @Test
  void a_packet_that_came_after_its_report_is_reported_with_all_after_it() {
    arrive(1, 0);
    arrive(3, 2);
    assertThat(report()).containsExactly("1@0", "2 lost", "3@2");
    arrive(2, 5);

    assertThat(report()).containsExactly("2@0", "3@-3");
    arrive(4, 6);
    assertThat(report()).containsExactly("4@0");
  }

  @Test
  void of_a_duplicate_the_first_arrival_counts() {
    arrive(1, 0);
    arrive(2, 1);
    arrive(1, 9);

    assertThat(report()).containsExactly("1@0", "2@1");
    assertThat(recorder.ignoredPackets()).isEqualTo(1);
  }

  @Test
  void a_packet_that_is_far_behind_is_not_reported() {
    arrive(1000, 0);
    arrive(1000 - TransportFeedbackRecorder.MAX_LATE_PACKETS, 1);
    assertThat(report()).hasSize(513);
    arrive(999 - TransportFeedbackRecorder.MAX_LATE_PACKETS, 2);

    assertThat(report()).isEmpty();
    assertThat(recorder.ignoredPackets()).isEqualTo(1);
  }

  @Test
  void a_gap_within_the_window_is_reported_in_few_bytes() {
    arrive(0, 0);
    arrive(4000, 1);

    List<String> told = report();
    assertThat(told).hasSize(4001).endsWith("3999 lost", "4000@1");
    assertThat(length).isLessThanOrEqualTo(32);
  }

  @Test
  void a_jump_beyond_the_window_starts_anew() {
    arrive(0, 0);
    arrive(5000, 1);
    arrive(5001, 2);

    assertThat(report()).containsExactly("5000@0", "5001@1");
  }

  @Test
  void what_the_window_cannot_hold_is_forgotten_oldest_first() {
    for (int i = 0; i < 5000; i++) {
      arrive(i, i / 10);
    }

    List<String> told = new ArrayList<>();
    for (List<String> part = report(); !part.isEmpty(); part = report()) {
      told.addAll(part);
    }
    assertThat(told).hasSize(4096);
    assertThat(told.getFirst()).startsWith("904@");
    assertThat(told.getLast()).startsWith("4999@");
  }

  @Test
  void a_pause_beyond_a_delta_takes_a_packet_with_another_reference_time() {
    arrive(1, 0);
    arrive(3, 40_000);

    assertThat(report()).containsExactly("1@0", "2 lost");
    assertThat(report()).containsExactly("3@0");
    assertThat(report()).isEmpty();
  }

  @Test
  void a_large_report_is_split_to_the_room() {
    for (int i = 0; i < 300; i++) {
      arrive(i, 300L * i);
    }

    int seen = 0;
    for (List<String> part = report(100); !part.isEmpty(); part = report(100)) {
      assertThat(part.getFirst()).isEqualTo(seen + "@0");
      seen += part.size();
    }
    assertThat(seen).isEqualTo(300);
  }

  @Test
  void too_little_room_writes_nothing_and_loses_nothing() {
    arrive(1, 0);

    assertThat(report(43)).isEmpty();
    assertThat(report(44)).containsExactly("1@0");
  }

  @Test
  void feedback_is_due_an_interval_after_the_first_arrival() {
    assertThat(recorder.nanosUntilDue(now)).isEqualTo(TransportFeedbackRecorder.NEVER);
    recorder.onPacket(1, now);
    now += 30 * MILLIS;
    recorder.onPacket(2, now);
    assertThat(recorder.nanosUntilDue(now)).isEqualTo(70 * MILLIS);
    now += 70 * MILLIS;
    assertThat(recorder.nanosUntilDue(now)).isZero();
    now += MILLIS;
    assertThat(recorder.nanosUntilDue(now)).isZero();
    assertThat(report()).hasSize(2);
    assertThat(recorder.nanosUntilDue(now)).isEqualTo(TransportFeedbackRecorder.NEVER);

    recorder.setInterval(50 * MILLIS);
    recorder.onPacket(3, now);
    assertThat(recorder.nanosUntilDue(now)).isEqualTo(50 * MILLIS);
  }

  @Test
  void feedback_is_due_at_once_when_half_of_the_window_is_used() {
    recorder.onPacket(0, now);
    recorder.onPacket(2047, now);
    assertThat(recorder.nanosUntilDue(now)).isEqualTo(INTERVAL);
    recorder.onPacket(2048, now);
    assertThat(recorder.nanosUntilDue(now)).isZero();
  }

  @Test
  void the_window_is_a_power_of_two() {
    assertThatThrownBy(() -> new TransportFeedbackRecorder(1000, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TransportFeedbackRecorder(16_384, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void whatever_arrives_in_order_is_read_as_it_was(
      @ForAll @IntRange(max = 65535) int start,
      @ForAll @Size(min = 1, max = 400) List<@IntRange(min = 1, max = 20) Integer> steps,
      @ForAll @Size(400) List<@IntRange(min = -300, max = 700) Integer> ticks,
      @ForAll @IntRange(min = 44, max = 400) int room) {
    TransportFeedbackRecorder fresh = new TransportFeedbackRecorder(8192, INTERVAL);
    Map<Long, Long> expected = new TreeMap<>();
    long number = start;
    long tick = 0;
    for (int i = 0; i < steps.size(); i++) {
      tick += i == 0 ? 0 : ticks.get(i);
      fresh.onPacket((int) number & 0xffff, now + tick * TICK);
      expected.put(number, tick);
      number += steps.get(i);
    }
    Map<Long, Long> told = new TreeMap<>();
    TransportFeedback reader = new TransportFeedback();
    long[] next = {start};
    for (int bytes = fresh.write(out, 0, room, 1, 2);
        bytes > 0;
        bytes = fresh.write(out, 0, room, 1, 2)) {
      assertThat(compound.wrap(out, 0, bytes)).isTrue();
      compound.next();
      assertThat(
              reader.read(
                  compound,
                  (reported, received, micros) -> {
                    assertThat(reported).isEqualTo((int) next[0] & 0xffff);
                    if (received) {
                      told.put(next[0], micros / 250);
                    }
                    next[0]++;
                  }))
          .isTrue();
    }

    assertThat(told).isEqualTo(expected);
  }
}
