package dev.sotto.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.rtp.testkit.Recorded;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RtpPacketTest {
  private static final String FIXED = "0060 1234 80000001 deadbeef ";

  private final RtpPacket packet = new RtpPacket();

  private boolean wrap(String digits) {
    MemorySegment segment = Bytes.hex(digits);
    return packet.wrap(segment, 0, (int) segment.byteSize());
  }

  @Test
  void section_5_1_the_fixed_header_is_read() {
    assertThat(wrap("80e0 1234 f0000001 deadbeef 0102")).isTrue();

    assertThat(packet.marker()).isTrue();
    assertThat(packet.payloadType()).isEqualTo(96);
    assertThat(packet.sequenceNumber()).isEqualTo(0x1234);
    assertThat(packet.timestamp()).isEqualTo(0xf000_0001L);
    assertThat(packet.ssrc()).isEqualTo(0xdeadbeef);
    assertThat(packet.csrcCount()).isZero();
    assertThat(packet.extensionProfile()).isEqualTo(RtpPacket.NO_EXTENSION);
    assertThat(packet.headerLength()).isEqualTo(12);
    assertThat(packet.payloadOffset()).isEqualTo(12);
    assertThat(packet.payloadLength()).isEqualTo(2);
  }

  @Test
  void section_5_1_contributing_sources_stand_between_header_and_payload() {
    assertThat(wrap("82" + FIXED.substring(2) + "00000005 fffffffe 77")).isTrue();

    assertThat(packet.csrcCount()).isEqualTo(2);
    assertThat(packet.csrc(0)).isEqualTo(5);
    assertThat(packet.csrc(1)).isEqualTo(-2);
    assertThat(packet.payloadLength()).isEqualTo(1);
  }

  @Test
  void section_5_1_padding_is_no_payload() {
    assertThat(wrap("a0" + FIXED.substring(2) + "77 000003")).isTrue();

    assertThat(packet.payloadLength()).isEqualTo(1);
    assertThat(packet.paddingLength()).isEqualTo(3);
  }

  @Test
  void section_5_1_a_packet_may_be_all_padding() {
    assertThat(wrap("a0" + FIXED.substring(2) + "000003")).isTrue();

    assertThat(packet.payloadLength()).isZero();
  }

  @Test
  void section_5_3_1_an_extension_of_any_profile_is_skipped() {
    assertThat(wrap("90" + FIXED.substring(2) + "abcd 0001 11223344 77")).isTrue();

    assertThat(packet.extensionProfile()).isEqualTo(0xabcd);
    assertThat(packet.extensionOffset()).isEqualTo(16);
    assertThat(packet.extensionLength()).isEqualTo(4);
    assertThat(packet.payloadOffset()).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80601234 80000001 deadbe",
        "00601234 80000001 deadbeef",
        "40601234 80000001 deadbeef",
        "c0601234 80000001 deadbeef",
        "81601234 80000001 deadbeef 000000",
        "90601234 80000001 deadbeef bede00",
        "90601234 80000001 deadbeef bede0001 112233",
        "90601234 80000001 deadbeef bedeffff 11223344",
        "a0601234 80000001 deadbeef",
        "a0601234 80000001 deadbeef 00",
        "a0601234 80000001 deadbeef 0003",
        "b0601234 80000001 deadbeef bede0001 11223301",
      })
  void appendix_a_1_a_header_that_cannot_be_is_refused(String digits) {
    assertThat(wrap(digits)).isFalse();
  }

  @Test
  void numbers_are_rewritten_in_place_and_their_neighbours_stay() {
    wrap("92 e0 1234 80000001 deadbeef 00000005 00000006 bede0000 77");

    packet.ssrc(0x01020304);
    packet.sequenceNumber(0x1ffff);
    packet.timestamp(0x1_0000_0007L);
    packet.payloadType(0x1ff);
    assertThat(packet.marker()).isTrue();
    assertThat(packet.payloadType()).isEqualTo(127);
    packet.payloadType(100);
    packet.marker(false);

    assertThat(Bytes.hex(packet.segment(), 0, packet.length()))
        .isEqualTo("9264ffff0000000701020304" + "0000000500000006" + "bede0000" + "77");
  }

  static Stream<String> chromium() {
    return Recorded.lines("/chromium/rtp.txt").stream();
  }

  @ParameterizedTest
  @MethodSource
  void chromium(String line) {
    String[] words = line.split(" ", -1);
    Map<String, String> expected =
        Stream.of(words)
            .skip(1)
            .map(word -> word.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));

    assertThat(wrap(words[0])).isTrue();

    assertThat("" + packet.sequenceNumber()).isEqualTo(expected.get("seq"));
    assertThat("" + packet.timestamp()).isEqualTo(expected.get("ts"));
    assertThat("%08x".formatted(packet.ssrc())).isEqualTo(expected.get("ssrc"));
    assertThat("" + packet.payloadType()).isEqualTo(expected.get("pt"));
    assertThat(packet.marker() ? "1" : "0").isEqualTo(expected.get("m"));
    assertThat("" + packet.headerLength()).isEqualTo(expected.get("header"));
    ExtensionElements elements = new ExtensionElements();
    StringBuilder read = new StringBuilder();
    assertThat(elements.wrap(packet)).isTrue();
    while (elements.next()) {
      read.append(read.isEmpty() ? "" : ";").append(elements.id()).append(':');
      read.append(Bytes.hex(packet.segment(), elements.valueOffset(), elements.valueLength()));
    }
    assertThat(read).hasToString(expected.get("ext"));
    assertThat(elements.isMalformed()).isFalse();
  }

  @Property
  void a_packet_cut_anywhere_in_its_header_is_refused(
      @ForAll @IntRange(max = 15) int csrcs,
      @ForAll @IntRange(max = 20) int words,
      @ForAll @IntRange(max = 200) int cut) {
    int header = 12 + 4 * csrcs + 4 + 4 * words;
    MemorySegment segment = Bytes.allocate(header);
    Wire.putU8(segment, 0, 0x90 | csrcs);
    Wire.putU16(segment, 12 + 4L * csrcs + 2, words);

    assertThat(packet.wrap(segment, 0, header)).isTrue();
    assertThat(packet.payloadLength()).isZero();
    assertThat(packet.wrap(segment, 0, Math.min(cut, header - 1))).isFalse();
  }

  @Property
  void parts_of_any_packet_add_up_to_its_length(@ForAll @Size(max = 100) byte[] bytes) {
    if (bytes.length > 0) {
      bytes[0] = (byte) ((bytes[0] & 0x33) | 0x80);
    }
    MemorySegment segment = Bytes.of(bytes);
    if (packet.wrap(segment, 0, bytes.length)) {
      assertThat(packet.headerLength() + packet.payloadLength() + packet.paddingLength())
          .isEqualTo(bytes.length);
      assertThat(packet.payloadLength()).isNotNegative();
    }
  }
}
