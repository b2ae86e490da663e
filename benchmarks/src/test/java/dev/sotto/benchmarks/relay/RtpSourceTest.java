package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtp.ExtensionMap;
import dev.sotto.media.rtp.ExtensionType;
import dev.sotto.media.rtp.HeaderExtensions;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RtpSourceTest {

  private final MemorySegment memory = Arena.global().allocate(2048);
  private final RtpPacket packet = new RtpPacket();

  @Test
  void a_packet_has_its_recorded_length_and_the_time_it_was_sent() {
    RtpSource source = new RtpSource(Medium.VIDEO, 77, 3, 0);
    int expected = Medium.VIDEO.trace().payloadBytes(0);
    int length = source.write(memory, 0, -1, 123_456_789L);
    assertThat(packet.wrap(memory, 0, length)).isTrue();
    assertThat(packet.ssrc()).isEqualTo(77);
    assertThat(packet.payloadType()).isEqualTo(Medium.VIDEO.payloadType());
    assertThat(packet.payloadLength()).isEqualTo(expected);
    assertThat(Wire.i64(memory, packet.payloadOffset())).isEqualTo(123_456_789L);
  }

  @Test
  void packets_of_a_frame_share_a_time_and_numbers_go_up_by_one() {
    RtpSource source = new RtpSource(Medium.VIDEO, 77, 3, 0);
    Set<Long> times = new HashSet<>();
    int frames = 0;
    int before = -1;
    for (int i = 0; i < 200; i++) {
      packet.wrap(memory, 0, source.write(memory, 0, -1, 0));
      times.add(packet.timestamp());
      frames += packet.marker() ? 1 : 0;
      assertThat(before < 0 || packet.sequenceNumber() == (before + 1 & 0xffff)).isTrue();
      before = packet.sequenceNumber();
    }
    assertThat(times).hasSize(packet.marker() ? frames : frames + 1);
    assertThat(source.sent()).isEqualTo(200);
  }

  @Test
  void header_extensions_are_those_that_were_negotiated() {
    RtpSource source = new RtpSource(Medium.AUDIO, 78, 3, 0);
    packet.wrap(memory, 0, source.write(memory, 0, 513, 0));
    HeaderExtensions extensions = new HeaderExtensions();
    assertThat(extensions.wrap(packet, map())).isTrue();
    assertThat(extensions.transportSequenceNumber()).isEqualTo(513);
    assertThat(extensions.audioLevel()).isEqualTo(20);
  }

  private static ExtensionMap map() {
    return ExtensionMap.builder()
        .put(ExtensionType.AUDIO_LEVEL, Medium.AUDIO_LEVEL_ID)
        .put(ExtensionType.TRANSPORT_SEQUENCE_NUMBER, Medium.TRANSPORT_SEQUENCE_NUMBER_ID)
        .build();
  }

  @Test
  void a_source_goes_on_where_it_was_when_it_resumes() {
    RtpSource source = new RtpSource(Medium.AUDIO, 78, 3, 0.5);
    source.resume(1_000_000);
    assertThat(source.dueMicros()).isEqualTo(1_000_000);
    source.write(memory, 0, -1, 0);
    long gap = source.dueMicros() - 1_000_000;
    assertThat(gap).isBetween(0L, 100_000L);
    source.resume(9_000_000);
    assertThat(source.dueMicros()).isEqualTo(9_000_000);
  }
}
