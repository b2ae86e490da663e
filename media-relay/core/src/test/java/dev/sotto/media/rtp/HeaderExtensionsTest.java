package dev.sotto.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.media.rtp.testkit.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderExtensionsTest {
  private static final ExtensionMap MAP =
      ExtensionMap.builder()
          .put(ExtensionType.MID, 1)
          .put(ExtensionType.RID, 2)
          .put(ExtensionType.REPAIRED_RID, 3)
          .put(ExtensionType.AUDIO_LEVEL, 4)
          .put(ExtensionType.TRANSPORT_SEQUENCE_NUMBER, 5)
          .put(ExtensionType.ABS_SEND_TIME, 6)
          .put(ExtensionType.ABS_CAPTURE_TIME, 7)
          .put(ExtensionType.DEPENDENCY_DESCRIPTOR, 8)
          .put(ExtensionType.VIDEO_ORIENTATION, 9)
          .put(ExtensionType.PLAYOUT_DELAY, 10)
          .build();

  private final RtpPacket packet = new RtpPacket();
  private final HeaderExtensions extensions = new HeaderExtensions();
  private final ExtensionElements elements = new ExtensionElements();

  /** A packet with this profile and these elements, padded to words. */
  private RtpPacket packet(String profile, String digits) {
    String body = digits.replace(" ", "");
    body += "0".repeat((8 - body.length() % 8) % 8);
    String length = "%04x".formatted(body.length() / 8);
    MemorySegment segment = Bytes.hex("9060123400000001deadbeef" + profile + length + body + "77");
    assertThat(packet.wrap(segment, 0, (int) segment.byteSize())).isTrue();
    return packet;
  }

  private boolean readOneByte(String digits) {
    return extensions.wrap(packet("bede", digits), MAP);
  }

  private String value(ExtensionType type) {
    return Bytes.hex(extensions.segment(), extensions.offset(type), extensions.length(type));
  }

  private String walk() {
    StringBuilder read = new StringBuilder();
    elements.wrap(packet);
    while (elements.next()) {
      read.append(elements.id()).append(':');
      read.append(Bytes.hex(packet.segment(), elements.valueOffset(), elements.valueLength()));
      read.append(' ');
    }
    return read.toString().strip();
  }

  @Test
  void section_4_2_the_one_byte_form_says_the_length_less_one() {
    packet("bede", "10aa 21bbcc 3f000102030405060708090a0b0c0d0e0f");

    assertThat(walk()).isEqualTo("1:aa 2:bbcc 3:000102030405060708090a0b0c0d0e0f");
    assertThat(elements.isMalformed()).isFalse();
  }

  @Test
  void section_4_2_padding_may_stand_between_elements() {
    packet("bede", "00 10aa 0000 20bb 00");

    assertThat(walk()).isEqualTo("1:aa 2:bb");
  }

  @Test
  void section_4_2_identifier_15_ends_the_one_byte_form() {
    packet("bede", "10aa f0bb 20cc");

    assertThat(walk()).isEqualTo("1:aa");
    assertThat(elements.isMalformed()).isFalse();
  }

  @Test
  void section_4_2_padding_with_a_length_ends_the_one_byte_form() {
    packet("bede", "10aa 01bbbb 20cc");

    assertThat(walk()).isEqualTo("1:aa");
  }

  @Test
  void section_4_3_the_two_byte_form_has_any_identifier_and_empty_values() {
    packet("1000", "0100 0f01aa ff02bbcc 00 0201dd");

    assertThat(walk()).isEqualTo("1: 15:aa 255:bbcc 2:dd");
  }

  @Test
  void section_4_3_the_application_bits_of_the_two_byte_form_do_not_matter() {
    packet("100f", "0101aa");

    assertThat(walk()).isEqualTo("1:aa");
  }

  @Test
  void section_4_1_another_profile_has_no_elements() {
    packet("1010", "10aa");

    assertThat(elements.wrap(packet)).isFalse();
    assertThat(elements.next()).isFalse();
    assertThat(extensions.wrap(packet, MAP)).isTrue();
    assertThat(extensions.has(ExtensionType.MID)).isFalse();
  }

  @Test
  void section_4_a_packet_without_an_extension_has_no_elements() {
    MemorySegment segment = Bytes.hex("8060123400000001deadbeef77");
    packet.wrap(segment, 0, 13);

    assertThat(elements.wrap(packet)).isFalse();
    assertThat(elements.next()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10aa 2fbb", "10aa0000 00000023"})
  void an_element_that_is_cut_off_is_noted_and_those_before_it_count(String digits) {
    assertThat(readOneByte(digits)).isFalse();
    assertThat(value(ExtensionType.MID)).isEqualTo("aa");
    assertThat(extensions.has(ExtensionType.RID)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0101aa 02", "0101aa 02ff01aa"})
  void an_element_of_the_two_byte_form_that_is_cut_off_is_noted(String digits) {
    String padded = digits.replace(" ", "");
    boolean read = extensions.wrap(packet("1000", padded), MAP);

    assertThat(read).isFalse();
    assertThat(value(ExtensionType.MID)).isEqualTo("aa");
  }

  @Test
  void an_element_is_found_by_its_identifier() {
    packet("bede", "10aa 21bbcc 30dd");
    elements.wrap(packet);

    assertThat(elements.find(2)).isTrue();
    assertThat(elements.valueLength()).isEqualTo(2);
    elements.wrap(packet);
    assertThat(elements.find(9)).isFalse();
  }

  @Test
  void every_negotiated_value_is_had_by_its_type() {
    readOneByte(
        "11 3031 20 68 30 6c 40 9e 51 fffe 62 123456 77 eeae8cde8cb2745b 82 c300021a 90 0b"
            + "a2 00a064");

    assertThat(value(ExtensionType.MID)).isEqualTo("3031");
    assertThat(value(ExtensionType.RID)).isEqualTo("68");
    assertThat(value(ExtensionType.REPAIRED_RID)).isEqualTo("6c");
    assertThat(extensions.audioLevel()).isEqualTo(30);
    assertThat(extensions.voiceActivity()).isTrue();
    assertThat(extensions.transportSequenceNumber()).isEqualTo(0xfffe);
    assertThat(extensions.absSendTime()).isEqualTo(0x123456);
    assertThat(extensions.absCaptureTimeNtp()).isEqualTo(0xeeae8cde8cb2745bL);
    assertThat(extensions.hasCaptureClockOffset()).isFalse();
    assertThat(extensions.captureClockOffset()).isZero();
    assertThat(value(ExtensionType.DEPENDENCY_DESCRIPTOR)).isEqualTo("c30002");
  }

  @Test
  void rfc_6464_section_3_silence_without_voice() {
    readOneByte("40 7f");

    assertThat(extensions.audioLevel()).isEqualTo(127);
    assertThat(extensions.voiceActivity()).isFalse();
  }

  @Test
  void a_capture_time_may_tell_the_offset_of_its_clock() {
    readOneByte("7f eeae8cde8cb2745b fffffffe00000000");

    assertThat(extensions.hasCaptureClockOffset()).isTrue();
    assertThat(extensions.captureClockOffset()).isEqualTo(-2L << 32);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 90, 180, 270})
  void ts_26_114_the_receiver_rotates_by_quarters(int degrees) {
    readOneByte("90 0" + degrees / 90);

    assertThat(extensions.rotationDegrees()).isEqualTo(degrees);
  }

  @Test
  void a_playout_delay_is_two_numbers_of_twelve_bits_in_steps_of_ten() {
    readOneByte("a2 00afff");

    assertThat(extensions.minPlayoutDelayMillis()).isEqualTo(100);
    assertThat(extensions.maxPlayoutDelayMillis()).isEqualTo(40_950);
  }

  @Test
  void a_value_of_an_impossible_length_counts_as_absent() {
    readOneByte("41 9e9e 50 ff 61 1234 73 11223344 81 c300 91 0000 a1 0000");

    for (ExtensionType type : ExtensionType.values()) {
      assertThat(extensions.has(type)).as(type.name()).isFalse();
      assertThat(extensions.length(type)).isZero();
    }
    assertThat(extensions.audioLevel()).isEqualTo(HeaderExtensions.ABSENT);
    assertThat(extensions.voiceActivity()).isFalse();
    assertThat(extensions.transportSequenceNumber()).isEqualTo(HeaderExtensions.ABSENT);
    assertThat(extensions.absSendTime()).isEqualTo(HeaderExtensions.ABSENT);
    assertThat(extensions.absCaptureTimeNtp()).isZero();
    assertThat(extensions.rotationDegrees()).isEqualTo(HeaderExtensions.ABSENT);
    assertThat(extensions.minPlayoutDelayMillis()).isEqualTo(HeaderExtensions.ABSENT);
    assertThat(extensions.maxPlayoutDelayMillis()).isEqualTo(HeaderExtensions.ABSENT);
  }

  @Test
  void of_a_repeated_element_the_first_counts() {
    readOneByte("10 61 10 62");

    assertThat(value(ExtensionType.MID)).isEqualTo("61");
  }

  @Test
  void an_identifier_that_was_not_negotiated_is_skipped() {
    readOneByte("e0 61 10 62");

    assertThat(value(ExtensionType.MID)).isEqualTo("62");
  }

  @Test
  void what_the_packet_before_had_is_forgotten() {
    readOneByte("10 61 40 9e");
    readOneByte("20 62");

    assertThat(extensions.has(ExtensionType.MID)).isFalse();
    assertThat(extensions.audioLevel()).isEqualTo(HeaderExtensions.ABSENT);
  }

  @ParameterizedTest
  @EnumSource
  void a_type_is_known_by_its_uri(ExtensionType type) {
    assertThat(ExtensionType.ofUri(type.uri())).contains(type);
    assertThat(ExtensionType.ofUri(type.uri().toUpperCase(Locale.ROOT))).isEmpty();
  }

  @Test
  void section_5_identifiers_are_one_to_255_and_belong_to_one_type() {
    ExtensionMap.Builder builder = ExtensionMap.builder().put(ExtensionType.MID, 1);

    assertThatThrownBy(() -> builder.put(ExtensionType.RID, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.put(ExtensionType.RID, 256))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.put(ExtensionType.RID, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("MID");
    assertThat(builder.put(ExtensionType.MID, 255).build().id(ExtensionType.MID)).isEqualTo(255);
    assertThat(ExtensionMap.EMPTY.has(ExtensionType.MID)).isFalse();
  }

  @Test
  void stream_ids_are_found_without_a_string_and_named_once() {
    StreamIds ids = new StreamIds(2);
    readOneByte("11 3031 20 68");

    assertThat(ids.find(extensions, ExtensionType.MID)).isEqualTo(StreamIds.NONE);
    int mid = ids.add("01");
    int rid =
        ids.add(
            extensions.segment(),
            extensions.offset(ExtensionType.RID),
            extensions.length(ExtensionType.RID));

    assertThat(ids.find(extensions, ExtensionType.MID)).isEqualTo(mid);
    assertThat(ids.find(extensions, ExtensionType.RID)).isEqualTo(rid).isNotEqualTo(mid);
    assertThat(ids.find(extensions, ExtensionType.REPAIRED_RID)).isEqualTo(StreamIds.NONE);
    assertThat(ids.name(rid)).isEqualTo("h").isSameAs(ids.name(rid));
    assertThat(ids.add("h")).isEqualTo(rid);
    assertThat(ids.add("full")).isEqualTo(StreamIds.NONE);
    assertThat(ids.size()).isEqualTo(2);
    assertThat(Bytes.hex(ids.segment(), ids.offset(mid), ids.length(mid))).isEqualTo("3031");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "seventeen-letters", "a b", "\u00e4", "\u0100", "tab\t", "\u0000"})
  void what_cannot_be_a_stream_id_is_not_taken(String id) {
    assertThat(new StreamIds(4).add(id)).isEqualTo(StreamIds.NONE);
  }

  @Test
  void stream_ids_of_any_length_are_told_apart() {
    StreamIds ids = new StreamIds(64);

    IntStream.rangeClosed(1, 16)
        .forEach(length -> assertThat(ids.add("a".repeat(length))).isNotNegative());

    assertThat(ids.size()).isEqualTo(16);
    assertThat(ids.name(15)).isEqualTo("a".repeat(16));
    assertThat(ids.add("a".repeat(15) + "b")).isEqualTo(16);
  }
}
