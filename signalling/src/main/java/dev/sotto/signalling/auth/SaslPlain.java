package dev.sotto.signalling.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The one message of SASL PLAIN (RFC 4616 section 2): {@code [authzid] NUL authcid NUL passwd}. */
public record SaslPlain(String authorizationId, String authenticationId, String password) {

  /** Decodes the base64 text of {@code <auth/>}; empty if it is not such a message. */
  public static Optional<SaslPlain> parse(String base64) {
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    String message;
    try {
      message = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded)).toString();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    int first = message.indexOf('\0');
    int second = message.indexOf('\0', first + 1);
    boolean wellFormed = first >= 0 && second > first + 1 && second < message.length() - 1;
    if (!wellFormed || message.indexOf('\0', second + 1) >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        new SaslPlain(
            message.substring(0, first),
            message.substring(first + 1, second),
            message.substring(second + 1)));
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return "SaslPlain[" + authenticationId + "]";
  }
}
