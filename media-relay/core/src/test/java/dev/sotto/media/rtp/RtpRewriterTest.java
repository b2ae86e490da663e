package dev.sotto.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.media.rtp.testkit.Bytes;
import dev.sotto.media.rtp.testkit.Recorded;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RtpRewriterTest {
  /** As Chromium offers it for video. */
  private static final ExtensionMap SENDER =
      ExtensionMap.builder()
          .put(ExtensionType.AUDIO_LEVEL, 1)
          .put(ExtensionType.ABS_SEND_TIME, 2)
          .put(ExtensionType.TRANSPORT_SEQUENCE_NUMBER, 3)
          .put(ExtensionType.MID, 4)
          .put(ExtensionType.ABS_CAPTURE_TIME, 5)
          .put(ExtensionType.DEPENDENCY_DESCRIPTOR, 9)
          .put(ExtensionType.PLAYOUT_DELAY, 12)
          .put(ExtensionType.VIDEO_ORIENTATION, 13)
          .allowMixed(true)
          .build();

  private static final ExtensionMap RECEIVER = receiver(true);

  private final RtpPacket packet = new RtpPacket();
  private final HeaderExtensions extensions = new HeaderExtensions();
  private final RtpRewriter rewriter = new RtpRewriter();
  private final MemorySegment out = Bytes.allocate(2000);
  private final RtpPacket written = new RtpPacket();
  private final HeaderExtensions read = new HeaderExtensions();

  private static ExtensionMap receiver(boolean mixed) {
    return ExtensionMap.builder()
        .put(ExtensionType.MID, 1)
        .put(ExtensionType.TRANSPORT_SEQUENCE_NUMBER, 2)
        .put(ExtensionType.DEPENDENCY_DESCRIPTOR, 3)
        .put(ExtensionType.AUDIO_LEVEL, 4)
        .put(ExtensionType.ABS_SEND_TIME, 5)
        .put(ExtensionType.PLAYOUT_DELAY, 6)
        .put(ExtensionType.RID, 7)
        .allowMixed(mixed)
        .build();
  }

  private RtpRewriter begin(String digits, ExtensionMap receiver) {
    MemorySegment segment = Bytes.hex(digits);
    assertThat(packet.wrap(segment, 0, (int) segment.byteSize())).isTrue();
    extensions.wrap(packet, SENDER);
    return rewriter.begin(packet, extensions, receiver);
  }

  private String write() {
    Wire.putU8(out, 0, 0x5a);
    int length = rewriter.write(out, 1, (int) out.byteSize() - 1);
    assertThat(written.wrap(out, 1, length)).isTrue();
    return Bytes.hex(out, 1, length);
  }

  private String value(ExtensionType type) {
    return Bytes.hex(read.segment(), read.offset(type), read.length(type));
  }

  @Test
  void a_packet_without_extensions_keeps_what_is_not_set() {
    begin("82e01234 80000001 deadbeef 00000005 00000006 0102", RECEIVER);

    assertThat(write()).isEqualTo("82e0123480000001deadbeef00000005000000060102");
  }

  @Test
  void numbers_are_those_of_the_receiver() {
    begin("80e01234 80000001 deadbeef 0102", RECEIVER)
        .ssrc(0x01020304)
        .sequenceNumber(0xfffff)
        .timestamp(0x1_0000_0009L)
        .payloadType(0x1e5)
        .marker(false);

    assertThat(write()).isEqualTo("8065ffff00000009010203040102");
  }

  @Test
  void rfc_2198_redundant_audio_passes_byte_for_byte() {
    String red = "ef0f0002" + "6f" + "aabb" + "ccddee";
    begin("80bf1234 80000001 deadbeef" + red, RECEIVER).sequenceNumber(7);

    assertThat(write()).isEqualTo("80bf000780000001deadbeef" + red);
  }

  @Test
  void padding_of_the_source_is_not_sent_on() {
    begin("a0e01234 80000001 deadbeef 0102 000003", RECEIVER);

    assertThat(write()).isEqualTo("80e0123480000001deadbeef0102");
  }

  @Test
  void end_to_end_elements_get_the_identifiers_of_the_receiver_and_the_others_are_dropped() {
    begin("90e01234 80000001 deadbeef bede0004 109e 227a43ec 310001 4030 c200a064 00 77", RECEIVER);

    assertThat(write())
        .isEqualTo("90e0123480000001deadbeef" + "bede0002" + "409e" + "6200a064" + "0000" + "77");
  }

  @Test
  void the_extension_goes_when_nothing_of_it_is_left() {
    begin("90e01234 80000001 deadbeef bede0001 31000140 77", RECEIVER);

    assertThat(write()).isEqualTo("80e0123480000001deadbeef77");
  }

  @Test
  void elements_are_added_and_replaced() {
    MemorySegment mid = Bytes.hex("ff 7630");
    begin("90e01234 80000001 deadbeef bede0001 109e0000 77", RECEIVER)
        .put(ExtensionType.MID, mid, 1, 2)
        .audioLevel(127, false)
        .transportSequenceNumber(0xabcd)
        .absSendTime(0x123456)
        .playoutDelay(100, 200_000);

    assertThat(write())
        .isEqualTo(
            "90e0123480000001deadbeef"
                + "bede0004"
                + ("117630" + "407f" + "21abcd" + "52123456" + "6200afff")
                + "77");
    read.wrap(written, RECEIVER);
    assertThat(read.transportSequenceNumber()).isEqualTo(0xabcd);
    assertThat(read.absSendTime()).isEqualTo(0x123456);
    assertThat(read.maxPlayoutDelayMillis()).isEqualTo(40_950);
  }

  @Test
  void what_a_receiver_did_not_negotiate_is_not_sent_to_it() {
    begin("90e01234 80000001 deadbeef bede0001 d0010000 77", RECEIVER)
        .put(ExtensionType.REPAIRED_RID, Bytes.hex("68"), 0, 1);

    assertThat(rewriter.isComplete()).isTrue();
    assertThat(write()).isEqualTo("80e0123480000001deadbeef77");
    assertThat(rewriter.valueOffset(ExtensionType.VIDEO_ORIENTATION))
        .isEqualTo(RtpRewriter.NOT_WRITTEN);
  }

  @Test
  void an_element_may_be_dropped() {
    begin("90e01234 80000001 deadbeef bede0002 109e c200a064 0000 77", RECEIVER)
        .drop(ExtensionType.AUDIO_LEVEL);

    assertThat(write()).isEqualTo("90e0123480000001deadbeef" + "bede0001" + "6200a064" + "77");
  }

  @Test
  void section_4_1_2_a_long_value_makes_it_two_byte_form() {
    MemorySegment descriptor = Bytes.allocate(17);
    begin("90e01234 80000001 deadbeef bede0001 109e0000 77", RECEIVER)
        .put(ExtensionType.DEPENDENCY_DESCRIPTOR, descriptor, 0, 17);

    assertThat(write())
        .isEqualTo(
            "90e0123480000001deadbeef"
                + "10000006"
                + "04019e"
                + "0311"
                + "00".repeat(17)
                + "0000"
                + "77");
    assertThat(rewriter.isComplete()).isTrue();
  }

  @Test
  void section_6_without_mixed_forms_what_does_not_fit_is_left_out_and_said() {
    MemorySegment descriptor = Bytes.allocate(17);
    begin("90e01234 80000001 deadbeef bede0001 109e0000 77", receiver(false))
        .put(ExtensionType.DEPENDENCY_DESCRIPTOR, descriptor, 0, 17);

    assertThat(rewriter.isComplete()).isFalse();
    assertThat(write()).isEqualTo("90e0123480000001deadbeef" + "bede0001" + "409e0000" + "77");
  }

  @Test
  void section_6_without_mixed_forms_a_great_identifier_makes_all_packets_two_byte_form() {
    ExtensionMap great =
        ExtensionMap.builder()
            .put(ExtensionType.AUDIO_LEVEL, 1)
            .put(ExtensionType.VIDEO_ORIENTATION, 15)
            .build();
    begin("90e01234 80000001 deadbeef bede0001 109e0000 77", great);

    assertThat(write()).isEqualTo("90e0123480000001deadbeef" + "10000001" + "01019e00" + "77");
  }

  @Test
  void section_6_with_mixed_forms_a_great_identifier_matters_only_where_it_is_used() {
    ExtensionMap great =
        ExtensionMap.builder()
            .put(ExtensionType.AUDIO_LEVEL, 1)
            .put(ExtensionType.VIDEO_ORIENTATION, 15)
            .allowMixed(true)
            .build();
    begin("90e01234 80000001 deadbeef bede0001 109e0000 77", great);
    assertThat(write()).contains("bede0001" + "109e0000");

    begin("90e01234 80000001 deadbeef bede0001 109ed001 77", great);
    assertThat(write()).contains("10000002" + "01019e" + "0f0101" + "0000");
  }

  @Test
  void a_value_of_256_bytes_fits_no_form() {
    begin("80e01234 80000001 deadbeef 77", RECEIVER)
        .put(ExtensionType.DEPENDENCY_DESCRIPTOR, Bytes.allocate(256), 0, 256);

    assertThat(rewriter.isComplete()).isFalse();
    assertThat(write()).isEqualTo("80e0123480000001deadbeef77");
  }

  @Test
  void numbers_of_the_transport_may_be_corrected_when_the_packet_leaves() {
    begin("80e01234 80000001 deadbeef 77", RECEIVER).transportSequenceNumber(1).absSendTime(2);
    write();

    Wire.putU16(out, rewriter.valueOffset(ExtensionType.TRANSPORT_SEQUENCE_NUMBER), 0xbeef);
    Wire.putU24(out, rewriter.valueOffset(ExtensionType.ABS_SEND_TIME), 0x00fedc);

    read.wrap(written, RECEIVER);
    assertThat(read.transportSequenceNumber()).isEqualTo(0xbeef);
    assertThat(read.absSendTime()).isEqualTo(0xfedc);
  }

  @Test
  void the_header_alone_leaves_the_payload_to_others() {
    begin("90e01234 80000001 deadbeef bede0001 109e0000 0102", RECEIVER);

    int header = rewriter.writeHeader(out, 0, 20);

    assertThat(header).isEqualTo(20).isEqualTo(rewriter.headerLength());
    assertThat(Bytes.hex(out, 20, 2)).isEqualTo("0000");
    assertThat(
            Bytes.hex(
                rewriter.payloadSegment(), rewriter.payloadOffset(), rewriter.payloadLength()))
        .isEqualTo("0102");
  }

  @Test
  void a_probe_has_padding_instead_of_a_payload() {
    rewriter
        .begin(RECEIVER)
        .ssrc(7)
        .sequenceNumber(8)
        .timestamp(9)
        .payloadType(97)
        .transportSequenceNumber(0x0102)
        .padding(255);
    out.fill((byte) 0x5a);

    String bytes = write();

    assertThat(bytes)
        .isEqualTo("b06100080000000900000007" + "bede0001" + "21010200" + "00".repeat(254) + "ff");
    assertThat(written.payloadLength()).isZero();
    assertThat(written.paddingLength()).isEqualTo(255);
  }

  @Test
  void nothing_is_written_without_room() {
    begin("90e01234 80000001 deadbeef bede0001 109e0000 0102", RECEIVER);

    assertThat(rewriter.write(out, 0, 21)).isEqualTo(RtpRewriter.NO_ROOM);
    assertThat(rewriter.writeHeader(out, 0, 19)).isEqualTo(RtpRewriter.NO_ROOM);
    assertThat(Bytes.hex(out, 0, 22)).isEqualTo("00".repeat(22));
    assertThat(rewriter.write(out, 0, 22)).isEqualTo(22);
  }

  static Stream<String> chromium() {
    return Recorded.lines("/chromium/rtp.txt").stream().map(line -> line.split(" ", -1)[0]);
  }

  @ParameterizedTest
  @MethodSource
  void chromium(String digits) {
    begin(digits, SENDER);
    write();
    read.wrap(written, SENDER);

    for (ExtensionType type : ExtensionType.values()) {
      assertThat(read.has(type)).isEqualTo(type.isEndToEnd() && extensions.has(type));
      if (read.has(type)) {
        assertThat(value(type))
            .isEqualTo(
                Bytes.hex(packet.segment(), extensions.offset(type), extensions.length(type)));
      }
    }
    assertThat(written.payloadLength()).isEqualTo(packet.payloadLength());
    assertThat(rewriter.isComplete()).isTrue();
  }

  @Provide
  Arbitrary<Map<ExtensionType, byte[]>> values() {
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMinSize(0).ofMaxSize(40);
    return Arbitraries.maps(Arbitraries.of(ExtensionType.class), bytes)
        .map(map -> map.isEmpty() ? Map.of() : new EnumMap<>(map));
  }

  @Property
  void what_is_written_is_read_in_whatever_form(
      @ForAll("values") Map<ExtensionType, byte[]> values,
      @ForAll @Size(10) List<@IntRange(min = 1, max = 255) Integer> ids,
      @ForAll @Size(max = 30) byte[] payload) {
    ExtensionMap.Builder builder = ExtensionMap.builder().allowMixed(true);
    ExtensionType[] types = ExtensionType.values();
    for (int i = 0; i < types.length; i++) {
      if (ids.indexOf(ids.get(i)) == i) {
        builder.put(types[i], ids.get(i));
      }
    }
    ExtensionMap map = builder.build();
    MemorySegment source = Bytes.allocate(12 + payload.length);
    Wire.putU8(source, 0, 0x80);
    Wire.copy(Bytes.of(payload), 0, source, 12, payload.length);
    packet.wrap(source, 0, (int) source.byteSize());
    extensions.wrap(packet, map);
    rewriter.begin(packet, extensions, map);
    values.forEach((type, value) -> rewriter.put(type, Bytes.of(value), 0, value.length));

    write();

    assertThat(Bytes.array(out, written.payloadOffset(), written.payloadLength()))
        .isEqualTo(payload);
    ExtensionElements elements = new ExtensionElements();
    values.forEach((type, value) -> {
      elements.wrap(written);
      assertThat(map.has(type) && elements.find(map.id(type))).isEqualTo(map.has(type));
      if (map.has(type)) {
        assertThat(Bytes.array(out, elements.valueOffset(), elements.valueLength()))
            .isEqualTo(value);
        assertThat(rewriter.valueOffset(type)).isEqualTo(elements.valueOffset());
      }
    });
  }
}
