package dev.sotto.signalling.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4616 section 2. */
final class SaslPlainTest {

  @Test
  void aMessageHasAnIdentityANameAndAPassword() {
    assertThat(SaslPlain.parse(encode("\0tim\0tanstaaftanstaaf")))
        .contains(new SaslPlain("", "tim", "tanstaaftanstaaf"));
    assertThat(SaslPlain.parse(encode("Ursel\0Kurt\0xipj3plmq")))
        .contains(new SaslPlain("Ursel", "Kurt", "xipj3plmq"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tim", "\0tim", "\0tim\0", "\0\0x", "a\0b\0c\0d", "\0\0\0"})
  void anythingElseIsNone(String message) {
    assertThat(SaslPlain.parse(encode(message))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"=", "*", "AGE", "AP//AGE="})
  void whatIsNotBase64OfUtf8IsNone(String text) {
    assertThat(SaslPlain.parse(text)).isEmpty();
  }

  @Test
  void thePasswordIsNeverShown() {
    assertThat(new SaslPlain("", "tim", "secret").toString()).doesNotContain("secret");
  }

  private static String encode(String message) {
    return Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.UTF_8));
  }
}
