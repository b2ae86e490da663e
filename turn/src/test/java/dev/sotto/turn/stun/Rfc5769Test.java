package dev.sotto.turn.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.turn.auth.LongTermKey;
import dev.sotto.turn.auth.PasswordAlgorithm;
import dev.sotto.turn.testkit.HexFile;
import dev.sotto.turn.testkit.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 5769 test vectors")
class Rfc5769Test {
  private static final byte[] SHORT_TERM_KEY =
      "VOkJxbRl1RmTxUk/WvJxBt".getBytes(StandardCharsets.US_ASCII);
  private static final InetSocketAddress IPV4 =
      new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 32853);
  private static final InetSocketAddress IPV6 =
      new InetSocketAddress(InetAddress.ofLiteral("2001:db8:1234:5678:11:2233:4455:6677"), 32853);

  @Test
  void section_2_1_the_request_has_the_right_integrity_and_fingerprint() {
    Message request = new Message(HexFile.read("/rfc5769/2.1-request.hex"));

    assertThat(request.stun().type()).isEqualTo(MessageType.BINDING_REQUEST);
    assertThat(request.text(AttributeType.SOFTWARE)).isEqualTo("STUN test client");
    assertThat(request.text(AttributeType.USERNAME)).isEqualTo("evtj:h6vY");
    assertThat(request.isProtectedBy(IntegrityAlgorithm.HMAC_SHA1, SHORT_TERM_KEY)).isTrue();
    assertThat(request.has(AttributeType.FINGERPRINT)).isTrue();
    assertThat(Fingerprint.isAbsentOrRight(request.stun())).isTrue();
  }

  @Test
  void section_2_1_a_request_changed_in_any_byte_is_found_out() {
    byte[] original = HexFile.read("/rfc5769/2.1-request.hex");
    for (int i = 0; i < original.length; i++) {
      byte[] changed = original.clone();
      changed[i] ^= 1;
      StunMessage message = new StunMessage();
      boolean accepted =
          message.wrap(Unpooled.wrappedBuffer(changed))
              && message.has(AttributeType.FINGERPRINT)
              && Fingerprint.isAbsentOrRight(message)
              && new MessageIntegrity()
                  .verify(message, IntegrityAlgorithm.HMAC_SHA1, SHORT_TERM_KEY);
      assertThat(accepted).as("byte %d changed", i).isFalse();
    }
  }

  @Test
  void section_2_2_the_ipv4_response_is_read() {
    Message response = new Message(HexFile.read("/rfc5769/2.2-ipv4-response.hex"));

    assertThat(response.address(AttributeType.XOR_MAPPED_ADDRESS)).isEqualTo(IPV4);
    assertThat(response.isProtectedBy(IntegrityAlgorithm.HMAC_SHA1, SHORT_TERM_KEY)).isTrue();
    assertThat(Fingerprint.isAbsentOrRight(response.stun())).isTrue();
  }

  @Test
  void section_2_3_the_ipv6_response_is_read() {
    Message response = new Message(HexFile.read("/rfc5769/2.3-ipv6-response.hex"));

    assertThat(response.address(AttributeType.XOR_MAPPED_ADDRESS)).isEqualTo(IPV6);
    assertThat(response.isProtectedBy(IntegrityAlgorithm.HMAC_SHA1, SHORT_TERM_KEY)).isTrue();
    assertThat(Fingerprint.isAbsentOrRight(response.stun())).isTrue();
  }

  @Test
  void section_2_3_the_ipv6_response_is_written_but_for_its_padding() {
    // The vector pads SOFTWARE with a space where this writer pads with zero, so only its address
    // is compared.
    Message vector = new Message(HexFile.read("/rfc5769/2.3-ipv6-response.hex"));
    ByteBuf out = Unpooled.buffer();
    Message written =
        new Message(
            StunWriter.answer(out, vector.stun().type(), vector.stun())
                .xorAddress(AttributeType.XOR_MAPPED_ADDRESS, IPV6)
                .integrity(new MessageIntegrity(), IntegrityAlgorithm.HMAC_SHA1, SHORT_TERM_KEY)
                .fingerprint()
                .toByteArray());

    assertThat(written.bytes(AttributeType.XOR_MAPPED_ADDRESS))
        .isEqualTo(vector.bytes(AttributeType.XOR_MAPPED_ADDRESS));
    assertThat(written.isProtectedBy(IntegrityAlgorithm.HMAC_SHA1, SHORT_TERM_KEY)).isTrue();
    assertThat(Fingerprint.isAbsentOrRight(written.stun())).isTrue();
  }

  @Test
  void section_2_4_the_long_term_request_has_the_right_integrity() {
    Message request = new Message(HexFile.read("/rfc5769/2.4-long-term-request.hex"));
    String username = request.text(AttributeType.USERNAME);
    String realm = request.text(AttributeType.REALM);
    byte[] key = LongTermKey.of(PasswordAlgorithm.MD5, username, realm, "TheMatrIX").bytes();

    assertThat(username).isEqualTo("マトリックス");
    assertThat(request.isProtectedBy(IntegrityAlgorithm.HMAC_SHA1, key)).isTrue();
  }
}
