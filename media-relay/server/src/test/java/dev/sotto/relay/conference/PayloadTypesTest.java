package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.control.MediaDescription;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.PayloadType;
import dev.sotto.relay.control.RtcpFeedback;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PayloadTypesTest {
  private final Codecs codecs = new Codecs();

  private static PayloadType video(int number, String name, Map<String, String> parameters) {
    return new PayloadType(number, name, 90_000, 1, parameters, List.of());
  }

  private static PayloadType audio(int number, String name, Map<String, String> parameters) {
    return new PayloadType(number, name, 48_000, 2, parameters, List.of());
  }

  private PayloadTypes of(MediaKind kind, PayloadType... types) {
    return new PayloadTypes(
        List.of(new MediaDescription(kind, List.of(types), List.of(), true)), codecs);
  }

  private int translated(PayloadTypes from, int number, PayloadTypes to) {
    return to.ofCodec(from.codec(number));
  }

  @Test
  void one_format_has_the_number_that_its_receiver_gave_it() {
    PayloadTypes alice =
        of(MediaKind.VIDEO, video(96, "VP8", Map.of()), video(98, "VP9", Map.of()));
    PayloadTypes bob = of(MediaKind.VIDEO, video(98, "vp8", Map.of()), video(96, "VP9", Map.of()));
    assertThat(translated(alice, 96, bob)).isEqualTo(98);
    assertThat(translated(alice, 98, bob)).isEqualTo(96);
    assertThat(alice.codec(97)).isEqualTo(PayloadTypes.NONE);
  }

  @Test
  void a_format_that_came_to_be_known_later_is_not_anothers() {
    PayloadTypes alice = of(MediaKind.VIDEO, video(96, "VP8", Map.of()));
    PayloadTypes bob = of(MediaKind.VIDEO, video(96, "AV1", Map.of()));
    assertThat(translated(bob, 96, alice)).isEqualTo(PayloadTypes.NONE);
    assertThat(translated(alice, 96, bob)).isEqualTo(PayloadTypes.NONE);
  }

  @Test
  void rfc_4588_section_8_1_rtx_belongs_to_the_type_that_apt_names() {
    PayloadTypes types =
        of(
            MediaKind.VIDEO,
            video(97, "rtx", Map.of("apt", "96")),
            video(96, "VP8", Map.of()),
            video(99, "RTX", Map.of("apt", "98")),
            video(98, "VP9", Map.of()),
            video(101, "rtx", Map.of("apt", "x")),
            video(102, "rtx", Map.of("apt", "500")),
            video(103, "rtx", Map.of()));
    assertThat(types.originalOf(97)).isEqualTo(96);
    assertThat(types.originalOf(99)).isEqualTo(98);
    assertThat(types.retransmissionOf(98)).isEqualTo(99);
    for (int number : new int[] {96, 101, 102, 103}) {
      assertThat(types.originalOf(number)).isEqualTo(PayloadTypes.NONE);
    }
    assertThat(types.codec(97)).isEqualTo(PayloadTypes.NONE);
  }

  @Test
  void rfc_6184_section_8_1_h264_is_the_same_in_profile_and_packetization_at_any_level() {
    PayloadTypes alice = of(MediaKind.VIDEO, h264(102, "42e01f", "1"), h264(104, "640032", "1"));
    PayloadTypes bob =
        of(
            MediaKind.VIDEO,
            h264(110, "42E00B", "0"),
            h264(111, "42E00B", "1"),
            h264(112, "64001f", "1"));
    assertThat(translated(alice, 102, bob)).isEqualTo(111);
    assertThat(translated(alice, 104, bob)).isEqualTo(112);
    PayloadTypes silent = of(MediaKind.VIDEO, video(96, "H264", Map.of()));
    assertThat(translated(alice, 102, silent)).isEqualTo(PayloadTypes.NONE);
  }

  private static PayloadType h264(int number, String profile, String mode) {
    return video(number, "H264", Map.of("profile-level-id", profile, "packetization-mode", mode));
  }

  @Test
  void rfc_2198_section_5_red_only_goes_where_its_blocks_have_the_same_numbers() {
    PayloadTypes alice =
        of(MediaKind.AUDIO, audio(111, "opus", Map.of()), audio(63, "red", Map.of("", "111/111")));
    PayloadTypes same =
        of(MediaKind.AUDIO, audio(111, "opus", Map.of()), audio(64, "red", Map.of("", "111/111")));
    PayloadTypes other =
        of(MediaKind.AUDIO, audio(109, "opus", Map.of()), audio(63, "red", Map.of("", "109/109")));
    assertThat(translated(alice, 63, same)).isEqualTo(64);
    assertThat(translated(alice, 63, other)).isEqualTo(PayloadTypes.NONE);
    assertThat(translated(alice, 111, other)).isEqualTo(109);
  }

  @Test
  void fir_is_for_those_who_name_it_and_not_pli() {
    RtcpFeedback fir = Described.feedback("ccm", "fir");
    RtcpFeedback pli = Described.feedback("nack", "pli");
    assertThat(withFeedback(fir).prefersFullIntra()).isTrue();
    assertThat(withFeedback(fir, pli).prefersFullIntra()).isFalse();
    assertThat(withFeedback().prefersFullIntra()).isFalse();
  }

  private PayloadTypes withFeedback(RtcpFeedback... feedback) {
    return of(MediaKind.VIDEO, new PayloadType(96, "VP8", 90_000, 1, Map.of(), List.of(feedback)));
  }
}
