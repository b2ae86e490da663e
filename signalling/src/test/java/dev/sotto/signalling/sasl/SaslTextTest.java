package dev.sotto.signalling.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6120 sections 6.4.2 and 13.9.1, RFC 4648 section 4. */
final class SaslTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=", "A", "AA", "AAA", "AB==", "AAB=", "AA=A", "AA==\n", " AA==", "A-A=", "AA===="
      })
  void what_another_reader_might_read_in_another_way_is_not_read(String text) {
    assertThat(SaslText.decodeBase64(text)).isEmpty();
  }

  @Property
  void what_is_written_is_read(@ForAll byte[] bytes) {
    assertThat(SaslText.decodeBase64(java.util.Base64.getEncoder().encodeToString(bytes)))
        .contains(bytes);
  }

  @Test
  void data_of_no_bytes_is_an_equals_sign() {
    assertThat(SaslText.encodeBase64("")).isEqualTo("=");
    assertThat(SaslText.encodeBase64("a")).isEqualTo("YQ==");
  }
}
