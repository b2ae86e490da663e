package dev.sotto.turn.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.auth.LongTermKey;
import dev.sotto.turn.auth.PasswordAlgorithm;
import dev.sotto.turn.testkit.HexFile;
import dev.sotto.turn.testkit.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8489 test vector")
class Rfc8489VectorTest {
  private final Message request = new Message(HexFile.read("/rfc8489/b.1-request.hex"));

  @Test
  void appendix_b_1_the_request_is_read_and_has_the_right_integrity() {
    LongTermKey key =
        LongTermKey.of(PasswordAlgorithm.SHA256, "マトリックス", "example.org", "TheMatrIX");

    assertThat(request.stun().type()).isEqualTo(MessageType.BINDING_REQUEST);
    assertThat(request.text(AttributeType.REALM)).isEqualTo("example.org");
    assertThat(request.text(AttributeType.NONCE))
        .isEqualTo("obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA");
    assertThat(request.bytes(AttributeType.PASSWORD_ALGORITHM)).containsExactly(0, 2, 0, 0);
    assertThat(request.isProtectedBy(IntegrityAlgorithm.HMAC_SHA256, key.bytes())).isTrue();
  }

  @Test
  void appendix_b_1_the_user_hash_is_that_of_the_user() {
    assertThat(request.bytes(AttributeType.USERHASH))
        .isEqualTo(LongTermKey.userHash("マトリックス", "example.org"));
  }
}
