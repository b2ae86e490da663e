package dev.sotto.media.selection;

import static dev.sotto.media.selection.SlotProjection.NOTHING;
import static dev.sotto.media.selection.SlotProjection.NO_CAPTURE_TIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.selection.testkit.LayeredEncoder;
import dev.sotto.media.selection.testkit.Receiver;
import dev.sotto.media.selection.testkit.TracePacket;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Audio, and video without a descriptor, go out whole")
class WholeSourceTest {
  private static final long MILLI = 1_000_000L;

  private final DependencyDescriptor none = new DependencyDescriptor();
  private final Rewrite rewrite = new Rewrite();
  private SlotProjection slot = new SlotProjection(SlotKind.AUDIO, 7, 500, 90_000, 128);

  @Test
  void audio_goes_out_from_its_first_packet_on() {
    slot.occupy(3);
    slot.setTarget(0, 0, 0);

    assertThat(audio(10, 48_000, 0)).isEqualTo(Verdict.FORWARD);
    assertThat(rewrite.sequenceNumber()).isEqualTo(500);
    assertThat(rewrite.timestamp()).isEqualTo(90_000);
    assertThat(rewrite.ssrc()).isEqualTo(7);
    assertThat(audio(11, 48_960, 20)).isEqualTo(Verdict.FORWARD);
    assertThat(rewrite.sequenceNumber()).isEqualTo(501);
    assertThat(rewrite.timestamp()).isEqualTo(90_960);
    assertThat(rewrite.marker()).isFalse();
    assertThat(slot.keyFrameWanted(0)).isEqualTo(NOTHING);
  }

  @Test
  void another_speaker_goes_on_with_numbers_and_time_and_begins_a_talkspurt() {
    slot.occupy(3);
    slot.setTarget(0, 0, 0);
    audio(10, 48_000, 0);
    slot.occupy(4);
    slot.setTarget(0, 0, 0);

    assertThat(audio(60_000, 5, 100)).isEqualTo(Verdict.FORWARD);
    assertThat(rewrite.sequenceNumber()).isEqualTo(501);
    assertThat(rewrite.timestamp()).isEqualTo(90_000 + 4800);
    assertThat(rewrite.marker()).isTrue();
    assertThat(slot.timestampOffset()).isEqualTo(90_000 + 4800 - 5);
  }

  @Test
  void the_packet_of_another_speaker_never_overlaps_the_one_before() {
    slot.occupy(3);
    slot.setTarget(0, 0, 0);
    audio(10, 48_000, 0);
    audio(11, 48_000 + 480, 10);
    slot.occupy(4);
    slot.setTarget(0, 0, 0);

    audio(1, 0, 11);
    assertThat(rewrite.timestamp()).as("10 ms packets").isEqualTo(90_000 + 960);
  }

  @Test
  void a_lost_packet_of_audio_leaves_a_hole_and_a_late_one_fills_it() {
    slot.occupy(3);
    slot.setTarget(0, 0, 0);
    audio(65_535, 0, 0);
    audio(1, 1920, 40);
    assertThat(rewrite.sequenceNumber()).isEqualTo(502);
    assertThat(audio(0, 960, 45)).isEqualTo(Verdict.FORWARD);
    assertThat(rewrite.sequenceNumber()).isEqualTo(501);
    assertThat(rewrite.timestamp()).isEqualTo(90_960);
    assertThat(audio(0, 960, 46)).isEqualTo(Verdict.DUPLICATE);
  }

  @Test
  void a_slot_without_a_source_or_a_target_sends_nothing() {
    assertThat(audio(1, 0, 0)).isEqualTo(Verdict.NOT_SELECTED);
    slot.occupy(3);
    assertThat(audio(2, 0, 0)).isEqualTo(Verdict.NOT_SELECTED);
    slot.setTarget(0, 0, 0);
    slot.pause();
    assertThat(audio(3, 0, 0)).isEqualTo(Verdict.NOT_SELECTED);
  }

  @Test
  void video_without_descriptor_asks_for_one_key_frame_for_a_join() {
    slot = new SlotProjection(SlotKind.VIDEO, 7, 500, 0, 128);
    slot.occupy(3);
    slot.setTarget(0, 0, 0);
    assertThat(slot.keyFrameWanted(0)).as("before the first packet").isZero();

    assertThat(video(0, 10, 3000, false, 0)).isEqualTo(Verdict.FORWARD);
    assertThat(slot.keyFrameWanted(1)).isZero();
    assertThat(slot.keyFrameWanted(2)).isEqualTo(NOTHING);
    assertThat(video(0, 11, 3000, true, 1)).isEqualTo(Verdict.FORWARD);
    assertThat(rewrite.marker()).isTrue();
    assertThat(slot.keyFrameWanted(3)).isEqualTo(NOTHING);
  }

  @Test
  void a_source_that_turns_out_to_have_a_descriptor_is_waited_for_until_its_key_frame() {
    Receiver receiver = new Receiver(SlotKind.VIDEO, 500);
    receiver.occupy(0, 0);
    receiver.setTarget(0, 2, 2);
    LayeredEncoder encoder = new LayeredEncoder(new Random(1), 0, 0, "L1T3", 500);
    TracePacket key = encoder.picture(MILLI).getFirst();
    TracePacket plain =
        new TracePacket(
            0,
            0,
            key.sequenceNumber(),
            key.timestamp(),
            true,
            100,
            MILLI,
            ByteBuffer.allocate(0),
            key.frame());
    assertThat(receiver.onPacket(plain, MILLI)).isEqualTo(Verdict.FORWARD);

    TracePacket delta = encoder.picture(34 * MILLI).getFirst();
    assertThat(receiver.onPacket(delta, 34 * MILLI)).isEqualTo(Verdict.WAITING);
    assertThat(receiver.slot.encoding()).isEqualTo(NOTHING);
    assertThat(receiver.slot.keyFrameWanted(34 * MILLI)).isZero();

    encoder.wantKeyFrame();
    TracePacket next = encoder.picture(67 * MILLI).getFirst();
    assertThat(receiver.onPacket(next, 67 * MILLI)).isEqualTo(Verdict.FORWARD);
    assertThat(receiver.sent.lastKey()).isEqualTo(501);
    assertThat(receiver.sent.lastEntry().getValue().timestamp()).isEqualTo(1000 + 66 * 90);
  }

  @Test
  void another_encoding_without_descriptor_begins_with_its_next_picture() {
    slot = new SlotProjection(SlotKind.VIDEO, 7, 500, 0, 128);
    slot.occupy(3);
    slot.setTarget(0, 0, 0);
    video(0, 10, 3000, true, 0);
    video(1, 70, 9000, false, 2);
    slot.setTarget(1, 0, 0);

    assertThat(video(1, 71, 9000, true, 3)).isEqualTo(Verdict.WAITING);
    assertThat(video(0, 11, 6000, true, 33)).isEqualTo(Verdict.FORWARD);
    assertThat(video(1, 72, 12_000, true, 35)).isEqualTo(Verdict.FORWARD);
    assertThat(rewrite.sequenceNumber()).isEqualTo(502);
    assertThat(rewrite.encoding()).isEqualTo(1);
    assertThat(rewrite.timestamp() - 3000).as("2 ms later").isEqualTo(180);
    assertThat(slot.keyFrameWanted(3)).isEqualTo(1);
    assertThat(video(0, 12, 9000, true, 66)).isEqualTo(Verdict.NOT_SELECTED);
  }

  @Test
  void timestamps_of_another_encoding_follow_the_capture_clock_where_it_is_known() {
    slot = new SlotProjection(SlotKind.VIDEO, 7, 500, 0, 128);
    slot.occupy(3);
    slot.setTarget(0, 0, 0);
    captured(0, 10, 3000, 1000, 1010);
    slot.setTarget(1, 0, 0);
    captured(1, 70, 77_000, 1033, 1080);
    assertThat(rewrite.timestamp()).isEqualTo(33 * 90);

    slot.setTarget(0, 0, 0);
    captured(0, 11, 6000, 1033, 1090);
    assertThat(rewrite.timestamp()).as("of the same capture time").isEqualTo(33 * 90 + 1);
  }

  @Test
  void a_capture_clock_that_cannot_be_is_not_followed() {
    slot = new SlotProjection(SlotKind.VIDEO, 7, 500, 0, 128);
    slot.occupy(3);
    slot.setTarget(0, 0, 0);
    captured(0, 10, 3000, 1000, 1000);
    slot.setTarget(1, 0, 0);
    captured(1, 70, 77_000, 9_000_000, 1050);
    assertThat(rewrite.timestamp()).isEqualTo(50 * 90);
  }

  @Test
  void clocks_of_two_sources_are_not_compared() {
    slot = new SlotProjection(SlotKind.VIDEO, 7, 500, 0, 128);
    slot.occupy(3);
    slot.setTarget(0, 0, 0);
    captured(0, 10, 3000, 5000, 1000);
    slot.occupy(4);
    slot.setTarget(0, 0, 0);
    captured(0, 70, 77_000, 5001, 1050);
    assertThat(rewrite.timestamp()).isEqualTo(50 * 90);
  }

  @Test
  void time_goes_forward_through_any_pause() {
    slot.occupy(3);
    slot.setTarget(0, 0, 0);
    audio(10, 0, 0);
    slot.pause();
    slot.setTarget(0, 0, 0);
    long week = 7L * 24 * 3600 * 1000;
    assertThat(audio(11, 0, week)).isEqualTo(Verdict.FORWARD);
    assertThat(rewrite.timestamp() - 90_000).isPositive();
  }

  @Test
  void encodings_that_cannot_be_are_not_selected() {
    slot.occupy(3);
    slot.setTarget(0, 0, 0);
    assertThat(video(-1, 1, 1, true, 0)).isEqualTo(Verdict.NOT_SELECTED);
    assertThat(video(8, 1, 1, true, 0)).isEqualTo(Verdict.NOT_SELECTED);
  }

  private Verdict audio(int sequenceNumber, int timestamp, long nowMillis) {
    return slot.project(
        0, sequenceNumber, timestamp, false, 80, NO_CAPTURE_TIME, nowMillis * MILLI, none, rewrite);
  }

  private Verdict video(
      int encoding, int sequenceNumber, int timestamp, boolean marker, long nowMillis) {
    return slot.project(
        encoding,
        sequenceNumber,
        timestamp,
        marker,
        1000,
        NO_CAPTURE_TIME,
        nowMillis * MILLI,
        none,
        rewrite);
  }

  private void captured(
      int encoding, int sequenceNumber, int timestamp, long captureMillis, long nowMillis) {
    Verdict verdict =
        slot.project(
            encoding,
            sequenceNumber,
            timestamp,
            true,
            1000,
            captureMillis * MILLI,
            nowMillis * MILLI,
            none,
            rewrite);
    assertThat(verdict).isEqualTo(Verdict.FORWARD);
  }
}
