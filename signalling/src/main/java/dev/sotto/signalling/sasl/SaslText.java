package dev.sotto.signalling.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Bytes and characters as SASL has them: nothing is guessed, repaired or skipped. */
public final class SaslText {

  /** What stands for data of no bytes where an empty element means no data (RFC 6120, 6.4.2). */
  public static final String ZERO_LENGTH = "=";

  private SaslText() {}

  /**
   * Decodes base64 as RFC 6120 section 13.9.1 wants it: no white space, all padding, no stray bits.
   */
  public static Optional<byte[]> decodeBase64(String text) {
    try {
      byte[] decoded = Base64.getDecoder().decode(text);
      // The library takes text without padding and with bits that mean nothing.
      return Base64.getEncoder().encodeToString(decoded).equals(text)
          ? Optional.of(decoded)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Encodes as the text of an element, {@link #ZERO_LENGTH} for no bytes. */
  public static String encodeBase64(String data) {
    return data.isEmpty()
        ? ZERO_LENGTH
        : Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_8));
  }

  /** Decodes UTF-8 (RFC 3629); empty if it is none. */
  static Optional<String> decodeUtf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
