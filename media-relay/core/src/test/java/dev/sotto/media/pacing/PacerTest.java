package dev.sotto.media.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long MS = 1_000_000;
  private static final int SIZE = 1_250; // 10,000 bits
  private static final long PADDING_HANDLE = 1_000;

  /** 1 Mbit/s paced at twice that: a packet each 5 ms. */
  private static final long TARGET_BPS = 1_000_000;

  private static final PacingSettings STRICT = new PacingSettings(2, 0, 0, 1_000 * MS);

  private final List<Long> dropped = new ArrayList<>();
  private boolean paddingAvailable = true;

  private final PaddingSource padding =
      new PaddingSource() {
        @Override
        public long nextPadding(int wantedBytes, long nowNanos) {
          return paddingAvailable ? PADDING_HANDLE : Pacer.NONE;
        }

        @Override
        public int paddingSizeBytes() {
          return SIZE;
        }
      };

  private Pacer pacer(PacingSettings settings) {
    return new Pacer(settings, TARGET_BPS, padding, dropped::add, 0);
  }

  private static List<Long> due(Pacer pacer, long nowNanos) {
    List<Long> handles = new ArrayList<>();
    for (long handle = pacer.poll(nowNanos); handle != Pacer.NONE; handle = pacer.poll(nowNanos)) {
      handles.add(handle);
    }
    return handles;
  }

  private static void video(Pacer pacer, int packets, long nowNanos) {
    for (int i = 0; i < packets; i++) {
      assertThat(pacer.enqueue(i, SIZE, PacketPriority.VIDEO, nowNanos)).isTrue();
    }
  }

  @Test
  void video_leaves_at_a_multiple_of_the_target() {
    Pacer pacer = pacer(STRICT);
    video(pacer, 3, 0);

    assertThat(due(pacer, 0)).containsExactly(0L);
    assertThat(pacer.nextSendTimeNanos()).isEqualTo(5 * MS);
    assertThat(due(pacer, 5 * MS - 1_000)).isEmpty();
    assertThat(due(pacer, 5 * MS)).containsExactly(1L);
    assertThat(due(pacer, 10 * MS)).containsExactly(2L);
    assertThat(pacer.nextSendTimeNanos()).isEqualTo(Pacer.NEVER);
  }

  @Test
  void a_new_target_holds_from_then_on() {
    Pacer pacer = pacer(STRICT);
    video(pacer, 3, 0);
    assertThat(due(pacer, 0)).hasSize(1);

    pacer.setTargetRate(TARGET_BPS / 2, 0);

    assertThat(pacer.nextSendTimeNanos()).isEqualTo(10 * MS);
  }

  @Test
  void a_usual_frame_leaves_at_once_and_a_large_one_is_spread() {
    Pacer pacer = pacer(new PacingSettings(2, 15 * MS, 0, 1_000 * MS));
    video(pacer, 10, 0);

    assertThat(due(pacer, 0)).containsExactly(0L, 1L, 2L, 3L);
    assertThat(due(pacer, 5 * MS)).containsExactly(4L);
  }

  @Test
  void a_pause_saves_up_no_more_than_the_burst() {
    Pacer pacer = pacer(new PacingSettings(2, 15 * MS, 0, 1_000 * MS));
    assertThat(due(pacer, 60_000 * MS)).isEmpty();
    video(pacer, 10, 60_000 * MS);

    assertThat(due(pacer, 60_000 * MS)).hasSize(4);
  }

  @Test
  void audio_waits_for_no_budget_but_video_pays_for_it() {
    Pacer pacer = pacer(STRICT);
    video(pacer, 2, 0);
    assertThat(due(pacer, 0)).containsExactly(0L);
    assertThat(pacer.enqueue(7, SIZE, PacketPriority.AUDIO, MS)).isTrue();

    assertThat(pacer.nextSendTimeNanos()).isLessThanOrEqualTo(MS);
    assertThat(due(pacer, MS)).containsExactly(7L);
    assertThat(pacer.polledPriority()).isEqualTo(PacketPriority.AUDIO);
    assertThat(due(pacer, 5 * MS)).isEmpty();
    assertThat(due(pacer, 10 * MS)).containsExactly(1L);
  }

  @Test
  void retransmissions_leave_before_video_and_after_audio() {
    Pacer pacer = pacer(new PacingSettings(2, 100 * MS, 0, 1_000 * MS));
    pacer.enqueue(1, SIZE, PacketPriority.VIDEO, 0);
    pacer.enqueue(2, SIZE, PacketPriority.RETRANSMISSION, 0);
    pacer.enqueue(3, SIZE, PacketPriority.AUDIO, 0);

    assertThat(due(pacer, 0)).containsExactly(3L, 2L, 1L);
  }

  @Test
  void packets_of_one_tick_leave_together() {
    Pacer pacer = pacer(new PacingSettings(2, 100 * MS, MS, 1_000 * MS));
    pacer.enqueue(1, SIZE, PacketPriority.VIDEO, 0);
    pacer.enqueue(2, 100, PacketPriority.AUDIO, MS / 2);

    assertThat(pacer.nextSendTimeNanos()).isEqualTo(MS);
    assertThat(due(pacer, MS - 1)).isEmpty();
    assertThat(due(pacer, MS)).containsExactly(2L, 1L);
  }

  @Test
  void what_would_be_due_within_the_tick_leaves_now() {
    Pacer pacer = pacer(new PacingSettings(2, 0, 10 * MS, 1_000 * MS));
    video(pacer, 9, 0);

    assertThat(due(pacer, 10 * MS)).containsExactly(0L, 1L, 2L);
    assertThat(pacer.nextSendTimeNanos()).isEqualTo(25 * MS);
    assertThat(due(pacer, 25 * MS)).containsExactly(3L, 4L, 5L);
  }

  @Test
  void without_a_tick_nothing_waits() {
    Pacer pacer = pacer(STRICT);
    pacer.enqueue(1, SIZE, PacketPriority.VIDEO, 5);

    assertThat(pacer.nextSendTimeNanos()).isLessThanOrEqualTo(5);
    assertThat(due(pacer, 5)).containsExactly(1L);
  }

  @Test
  void a_queue_that_would_last_too_long_doubles_the_pace_and_then_drops_the_oldest() {
    Pacer pacer = pacer(new PacingSettings(2, 0, 0, 100 * MS));
    video(pacer, 60, 0);
    List<Long> sent = new ArrayList<>();
    for (long now = 0; now <= 200 * MS; now += MS / 2) {
      sent.addAll(due(pacer, now));
    }

    // Twice 2 Mbit/s is a packet each 2.5 ms.
    assertThat(sent).hasSizeBetween(40, 42).isSorted();
    assertThat(dropped).hasSize(60 - sent.size());
    assertThat(pacer.droppedPackets()).isEqualTo(dropped.size());
    assertThat(pacer.queuedPackets()).isZero();
  }

  @Test
  void a_full_queue_refuses() {
    Pacer pacer = pacer(STRICT);
    video(pacer, 1_024, 0);

    assertThat(pacer.enqueue(9, SIZE, PacketPriority.VIDEO, 0)).isFalse();
    assertThat(pacer.refusedPackets()).isOne();
    assertThat(pacer.queuedPackets()).isEqualTo(1_024);
    assertThat(pacer.queuedBytes()).isEqualTo(1_024L * SIZE);
  }

  @Test
  void a_probe_is_filled_up_with_padding_at_its_own_rate() {
    Pacer pacer = pacer(STRICT);
    pacer.startProbe(5, 10_000_000, 5 * SIZE, 5);

    List<Long> times = new ArrayList<>();
    for (long now = 0; now <= 20 * MS; now += MS / 2) {
      while (pacer.poll(now) != Pacer.NONE) {
        assertThat(pacer.polledProbeClusterId()).isEqualTo(5);
        assertThat(pacer.polledPriority()).isEqualTo(PacketPriority.PADDING);
        times.add(now / MS);
      }
    }

    assertThat(times).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(pacer.nextSendTimeNanos()).isEqualTo(Pacer.NEVER);
  }

  @Test
  void media_is_part_of_a_probe_before_padding_is() {
    Pacer pacer = pacer(STRICT);
    video(pacer, 3, 0);
    pacer.startProbe(1, 10_000_000, 5 * SIZE, 5);
    List<Long> sent = new ArrayList<>();
    for (long now = 0; now <= 10 * MS; now += MS) {
      sent.addAll(due(pacer, now));
    }

    assertThat(sent).containsExactly(0L, 1L, 2L, PADDING_HANDLE, PADDING_HANDLE);
  }

  @Test
  void a_probe_without_padding_waits_for_media_and_is_given_up_when_it_stalls() {
    paddingAvailable = false;
    Pacer pacer = pacer(STRICT);
    pacer.startProbe(1, 10_000_000, 5 * SIZE, 5);

    assertThat(due(pacer, 0)).isEmpty();
    assertThat(pacer.nextSendTimeNanos()).isEqualTo(Pacer.NEVER);
    video(pacer, 1, MS);
    assertThat(due(pacer, MS)).containsExactly(0L);
    assertThat(pacer.polledProbeClusterId()).isZero();
    assertThat(due(pacer, 50 * MS)).isEmpty();
    assertThat(pacer.abandonedProbes()).isOne();
  }

  @Test
  void the_times_it_names_are_enough_to_send_everything() {
    Pacer pacer = pacer(PacingSettings.DEFAULT);
    video(pacer, 200, 0);
    int sent = 0;
    int polls = 0;
    for (long now = 0; now != Pacer.NEVER; now = pacer.nextSendTimeNanos()) {
      sent += due(pacer, now).size();
      polls++;
      assertThat(polls).isLessThan(400);
    }

    assertThat(sent + dropped.size()).isEqualTo(200);
    assertThat(dropped).isEmpty();
  }

  @Test
  void the_origin_of_the_clock_does_not_matter() {
    for (long origin : new long[] {Long.MIN_VALUE / 2, -1, Long.MAX_VALUE / 2}) {
      Pacer pacer = new Pacer(STRICT, TARGET_BPS, padding, dropped::add, origin);
      video(pacer, 2, origin);

      assertThat(due(pacer, origin)).containsExactly(0L);
      assertThat(pacer.nextSendTimeNanos()).isEqualTo(origin + 5 * MS);
      assertThat(due(pacer, origin + 5 * MS)).containsExactly(1L);
    }
  }

  @Test
  void settings_out_of_range_are_refused() {
    assertThatThrownBy(() -> new PacingSettings(0.9, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PacingSettings(1, 0, 11 * MS, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
