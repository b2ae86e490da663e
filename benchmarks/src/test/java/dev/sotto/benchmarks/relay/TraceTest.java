package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TraceTest {

  @Test
  void a_recording_is_replayed_round_after_round() {
    Trace trace = Trace.parse(List.of("# remark", "0 100", "1000 200 m", "2000 300 m"));
    assertThat(trace.packets()).isEqualTo(3);
    assertThat(trace.roundMicros()).isEqualTo(3000);
    assertThat(trace.micros(4)).isEqualTo(4000);
    assertThat(trace.payloadBytes(4)).isEqualTo(200);
    assertThat(trace.marker(3)).isFalse();
    assertThat(trace.marker(5)).isTrue();
  }

  @Test
  void packets_without_room_for_the_time_or_out_of_order_are_refused() {
    assertThatThrownBy(() -> Trace.parse(List.of("0 7")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Trace.parse(List.of("5 100", "4 100")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Trace.parse(List.of("# nothing")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_recorded_video_has_about_a_megabit_a_second_in_whole_frames() {
    Trace video = Medium.VIDEO.trace();
    assertThat(bitsPerSecond(video)).isCloseTo(1e6, within(1e5));
    assertThat(video.packetsPerSecond()).isBetween(100.0, 150.0);
    assertThat(video.marker(video.packets() - 1)).isTrue();
  }

  @Test
  void the_recorded_audio_has_fifty_packets_a_second() {
    Trace audio = Medium.AUDIO.trace();
    assertThat(audio.packetsPerSecond()).isCloseTo(50, within(1.0));
    assertThat(bitsPerSecond(audio)).isBetween(2e4, 5e4);
  }

  private static double bitsPerSecond(Trace trace) {
    long bytes = 0;
    for (int i = 0; i < trace.packets(); i++) {
      bytes += trace.payloadBytes(i);
    }
    return bytes * 8e6 / trace.roundMicros();
  }
}
