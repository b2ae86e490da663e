package dev.sotto.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A STUN message is looked at before it is read")
class StunPeekTest {
  private static final String PASSWORD = "aPasswordOfTwentyTwoCh";
  private final StunPeek peek = new StunPeek();

  @Test
  void rfc_5769_section_2_1_the_sample_request_is_seen_for_what_it_is() throws IOException {
    byte[] message = vector();

    assertThat(wrap(message)).isTrue();
    assertThat(peek.isBindingRequest()).isTrue();
    assertThat(peek.hasUsername()).isTrue();
    assertThat(peek.hasIntegrity()).isTrue();
    assertThat(peek.hasFingerprint()).isTrue();
    assertThat(peek.isControlled()).isTrue();
    assertThat(peek.useCandidate()).isFalse();
    assertThat(peek.unknownCount()).isZero();
    assertThat(peek.localUfragKey()).as("a fragment of four characters is not ours").isZero();
  }

  @Test
  void rfc_5769_section_2_1_the_sample_request_has_integrity_and_fingerprint() throws IOException {
    byte[] message = vector();
    wrap(message);

    assertThat(new StunCodec().decode(message)).isPresent();
    assertThat(
            StunCodec.isIntact(
                message,
                peek.integrityOffset(),
                "VOkJxbRl1RmTxUk/WvJxBt".getBytes(StandardCharsets.US_ASCII)))
        .isTrue();
    assertThat(
            StunCodec.isIntact(
                message,
                peek.integrityOffset(),
                "VOkJxbRl1RmTxUk/WvJxBT".getBytes(StandardCharsets.US_ASCII)))
        .isFalse();
  }

  @Test
  void the_local_fragment_is_the_number_that_its_credentials_have() {
    IceCredentials local = new IceCredentials("AbCd+/09", PASSWORD);

    assertThat(wrap(Check.from("AbCd+/09:anything").bytes())).isTrue();

    assertThat(peek.localUfragKey()).isEqualTo(local.localUfragKey()).isNotZero();
  }

  @ParameterizedTest
  @CsvSource({"AbCd+/0:x", "AbCd+/099:x", "AbCd+/09", "AbCd+/0", "''", ":AbCd+/09"})
  void a_user_name_without_eight_characters_and_a_colon_has_no_local_fragment(String username) {
    assertThat(wrap(Check.from(username).bytes())).isTrue();

    assertThat(peek.hasUsername()).isTrue();
    assertThat(peek.localUfragKey()).isZero();
  }

  @Test
  void nomination_and_role_are_seen() {
    assertThat(wrap(Check.from("AbCd+/09:x").nominating().bytes())).isTrue();
    assertThat(peek.useCandidate()).isTrue();
    assertThat(peek.isControlled()).isFalse();

    assertThat(wrap(new Check().with(Check.ICE_CONTROLLED, new byte[8]).bytes())).isTrue();
    assertThat(peek.useCandidate()).as("nothing of the message before is left").isFalse();
    assertThat(peek.hasUsername()).isFalse();
    assertThat(peek.isControlled()).isTrue();
  }

  @Test
  void rfc_8489_section_14_of_two_attributes_of_a_type_the_first_counts() {
    Check check =
        Check.from("AbCd+/09:x")
            .with(Check.USERNAME, "ZZZZZZZZ:x".getBytes(StandardCharsets.US_ASCII));

    assertThat(wrap(check.bytes())).isTrue();

    assertThat(peek.localUfragKey())
        .isEqualTo(new IceCredentials("AbCd+/09", PASSWORD).localUfragKey());
  }

  @Test
  void rfc_8489_section_14_5_what_follows_integrity_does_not_count() {
    Check check = Check.from("AbCd+/09:x").integrity(PASSWORD).nominating().with(0x7fff);

    assertThat(wrap(check.fingerprint().bytes())).isTrue();

    assertThat(peek.useCandidate()).isFalse();
    assertThat(peek.unknownCount()).isZero();
    assertThat(peek.hasFingerprint()).isTrue();
  }

  @Test
  void rfc_8489_section_14_7_nothing_follows_the_fingerprint() {
    assertThat(wrap(Check.from("AbCd+/09:x").fingerprint().nominating().bytes())).isFalse();
  }

  @Test
  void rfc_8489_section_14_required_attributes_that_are_unknown_are_listed_and_optional_ones_not() {
    Check check = Check.from("AbCd+/09:x").with(0x7ffe, (byte) 1).with(0xC057, new byte[4]);

    assertThat(wrap(check.bytes())).isTrue();

    assertThat(peek.unknownCount()).isEqualTo(1);
    assertThat(peek.unknown(0)).isEqualTo(0x7ffe);
  }

  @Test
  void no_more_unknown_attributes_are_listed_than_an_answer_names() {
    Check check = Check.from("AbCd+/09:x");
    for (int i = 0; i < 40; i++) {
      check.with(0x7f00 + i);
    }

    assertThat(wrap(check.bytes())).isTrue();

    assertThat(peek.unknownCount()).isEqualTo(StunPeek.MAXIMUM_UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({"0x24, 3", "0x25, 1", "0x8029, 4", "0x802A, 9", "0x8028, 5", "0x8, 19", "0x6, 509"})
  void attributes_of_ice_have_their_length(String attribute, int bytes) {
    assertThat(wrap(new Check().with(Integer.decode(attribute), new byte[bytes]).bytes()))
        .isFalse();
  }

  @Test
  void another_cookie_length_or_type_is_no_message() {
    byte[] good = Check.from("AbCd+/09:x").bytes();
    assertThat(wrap(good)).isTrue();
    assertThat(wrap(changed(good, 4, 0x20))).isFalse();
    assertThat(wrap(changed(good, 3, good[3] + 4))).isFalse();
    assertThat(wrap(changed(good, 3, good[3] - 4))).isFalse();
    assertThat(wrap(changed(good, 0, 0x04))).isFalse();
    assertThat(wrap(Arrays.copyOf(good, good.length + 1))).isFalse();
  }

  @Property
  void any_body_behind_a_valid_header_is_read_or_refused_but_never_thrown_at(
      @ForAll @Size(max = 120) byte[] body) {
    byte[] padded = Arrays.copyOf(body, body.length & ~3);
    byte[] message = Arrays.copyOf(new Check().bytes(), 20 + padded.length);
    System.arraycopy(padded, 0, message, 20, padded.length);
    message[3] = (byte) padded.length;
    if (wrap(message)) {
      assertThat(peek.unknownCount()).isBetween(0, StunPeek.MAXIMUM_UNKNOWN);
      assertThat(peek.integrityOffset()).isLessThan(message.length);
    }
  }

  @Property
  void a_message_cut_anywhere_is_refused(
      @ForAll @AlphaChars @StringLength(8) String ufrag, @ForAll @IntRange(max = 200) int cut) {
    byte[] message = Check.from(ufrag + ":x").integrity(PASSWORD).fingerprint().bytes();
    assertThat(wrap(message)).isTrue();
    assertThat(peek.localUfragKey()).isEqualTo(new IceCredentials(ufrag, PASSWORD).localUfragKey());
    assertThat(wrap(Arrays.copyOf(message, Math.min(cut, message.length - 1)))).isFalse();
  }

  private boolean wrap(byte[] message) {
    return peek.wrap(Check.segment(message), 0, message.length);
  }

  private static byte[] changed(byte[] message, int at, int value) {
    byte[] changed = message.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private static byte[] vector() throws IOException {
    try (InputStream in = StunPeekTest.class.getResourceAsStream("/rfc5769/2.1-request.hex")) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of()
          .parseHex(
              text.lines()
                  .filter(line -> !line.startsWith("#"))
                  .map(line -> line.replace(" ", ""))
                  .collect(Collectors.joining()));
    }
  }
}
