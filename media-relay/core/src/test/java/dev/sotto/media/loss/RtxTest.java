package dev.sotto.media.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtp.ExtensionMap;
import dev.sotto.media.rtp.ExtensionType;
import dev.sotto.media.rtp.HeaderExtensions;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.rtp.RtpRewriter;
import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.rtp.testkit.Recorded;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RtxTest {
  private static final ExtensionMap MAP =
      ExtensionMap.builder()
          .put(ExtensionType.MID, 1)
          .put(ExtensionType.ABS_SEND_TIME, 2)
          .put(ExtensionType.AUDIO_LEVEL, 3)
          .build();

  /** Each test has its own: packets are restored in place. */
  private final Map<String, MemorySegment> aiortc = Recorded.named("/aiortc/rtx.txt");

  private final RtpPacket packet = new RtpPacket();
  private final HeaderExtensions extensions = new HeaderExtensions();
  private final RtpRewriter rewriter = new RtpRewriter();
  private final MemorySegment out = Bytes.allocate(1500);

  private void wrap(MemorySegment segment) {
    assertThat(packet.wrap(segment, 0, (int) segment.byteSize())).isTrue();
    extensions.wrap(packet, MAP);
  }

  private RtpRewriter asRtx() {
    rewriter.begin(packet, extensions, MAP).ssrc(0x99).payloadType(97).sequenceNumber(7);
    for (ExtensionType type :
        new ExtensionType[] {ExtensionType.MID, ExtensionType.ABS_SEND_TIME}) {
      if (extensions.has(type)) {
        rewriter.put(type, packet.segment(), extensions.offset(type), extensions.length(type));
      }
    }
    return rewriter;
  }

  private int written(int length) {
    assertThat(packet.wrap(out, 0, length)).isTrue();
    return length;
  }

  @Test
  void section_4_a_retransmission_has_the_original_number_before_the_payload() {
    wrap(aiortc.get("original"));

    int length = written(Rtx.write(asRtx(), packet.sequenceNumber(), out, 0, 1500));

    MemorySegment expected = aiortc.get("rtx");
    assertThat(length).isEqualTo((int) expected.byteSize());
    // Elements stand in another order there, and their order means nothing.
    RtpPacket other = new RtpPacket();
    HeaderExtensions others = new HeaderExtensions();
    other.wrap(expected, 0, length);
    others.wrap(other, MAP);
    extensions.wrap(packet, MAP);
    assertThat(extensions.absSendTime()).isEqualTo(others.absSendTime());
    assertThat(extensions.audioLevel()).isEqualTo(others.audioLevel());
    assertThat(extensions.length(ExtensionType.MID)).isEqualTo(2);
    assertThat(Bytes.hex(out, 0, 24)).isEqualTo(Bytes.hex(expected, 0, 24));
    assertThat(Bytes.hex(out, packet.payloadOffset(), packet.payloadLength()))
        .isEqualTo(Bytes.hex(expected, other.payloadOffset(), other.payloadLength()))
        .startsWith("ffff");
  }

  @Test
  void section_4_the_original_is_restored_where_it_stands() {
    wrap(aiortc.get("rtx"));
    int length = packet.length();

    assertThat(Rtx.originalNumber(packet)).isEqualTo(65_535);
    assertThat(Rtx.restore(packet, 0xaabbccdd, 96)).isTrue();

    assertThat(packet.offset()).isEqualTo(2);
    assertThat(packet.length()).isEqualTo(length - 2);
    RtpPacket original = new RtpPacket();
    MemorySegment segment = aiortc.get("original");
    original.wrap(segment, 0, (int) segment.byteSize());
    assertThat(packet.ssrc()).isEqualTo(original.ssrc());
    assertThat(packet.payloadType()).isEqualTo(96);
    assertThat(packet.marker()).isTrue();
    assertThat(packet.sequenceNumber()).isEqualTo(65_535);
    assertThat(packet.timestamp()).isEqualTo(original.timestamp());
    assertThat(packet.csrc(1)).isEqualTo(6);
    assertThat(Bytes.hex(packet.segment(), packet.payloadOffset(), packet.payloadLength()))
        .isEqualTo(Bytes.hex(segment, original.payloadOffset(), original.payloadLength()));
    extensions.wrap(packet, MAP);
    assertThat(extensions.audioLevel()).isEqualTo(30);
  }

  @Test
  void a_retransmission_of_chromium_is_restored() {
    String line =
        Recorded.lines("/chromium/rtp.txt").stream()
            .filter(it -> it.contains(" pt=99 ") && it.contains("1000002"))
            .findFirst()
            .orElseThrow();
    wrap(Bytes.hex(line.split(" ", -1)[0]));

    assertThat(Rtx.restore(packet, 0xc032bc27, 98)).isTrue();
    assertThat(packet.sequenceNumber()).isBetween(28_700, 28_800);
    assertThat(packet.payloadType()).isEqualTo(98);
  }

  @Test
  void a_probe_holds_no_other_packet() {
    wrap(Bytes.hex("a0630001 00000000 00000099 00000004"));

    assertThat(Rtx.originalNumber(packet)).isEqualTo(Rtx.NONE);
    assertThat(Rtx.restore(packet, 1, 2)).isFalse();
    assertThat(packet.ssrc()).isEqualTo(0x99);
    wrap(Bytes.hex("80630001 00000000 00000099 00"));
    assertThat(Rtx.restore(packet, 1, 2)).isFalse();
  }

  @Test
  void an_original_without_a_payload_is_restored_too() {
    wrap(Bytes.hex("80630001 00000000 00000099 1234"));

    assertThat(Rtx.restore(packet, 1, 2)).isTrue();
    assertThat(packet.sequenceNumber()).isEqualTo(0x1234);
    assertThat(packet.payloadLength()).isZero();
  }

  @Test
  void nothing_is_written_without_room() {
    wrap(Bytes.hex("80600001 00000000 00000099 0102"));

    assertThat(Rtx.write(asRtx(), 1, out, 0, 15)).isEqualTo(RtpRewriter.NO_ROOM);
    assertThat(Bytes.hex(out, 0, 16)).isEqualTo("00".repeat(16));
    assertThat(Rtx.write(asRtx(), 1, out, 0, 16)).isEqualTo(16);
  }

  @Property
  void what_is_sent_again_is_restored_as_it_was(
      @ForAll @Size(max = 100) byte[] payload, @ForAll @IntRange(max = 65_535) int number) {
    MemorySegment segment = Bytes.allocate(12 + payload.length);
    MemorySegment.copy(Bytes.of(payload), 0, segment, 12, payload.length);
    Wire.putU8(segment, 0, 0x80);
    wrap(segment);
    packet.ssrc(0x1234);
    packet.payloadType(96);
    packet.sequenceNumber(number);
    packet.timestamp(number * 1000L);
    String before = Bytes.hex(segment, 0, packet.length());

    written(Rtx.write(asRtx(), number, out, 0, 1500));
    assertThat(Rtx.restore(packet, 0x1234, 96)).isTrue();

    assertThat(Bytes.hex(out, packet.offset(), packet.length())).isEqualTo(before);
  }
}
