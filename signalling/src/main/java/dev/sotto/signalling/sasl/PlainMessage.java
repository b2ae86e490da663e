package dev.sotto.signalling.sasl;

import java.util.Optional;

/** The one message of PLAIN (RFC 4616 section 2): {@code [authzid] NUL authcid NUL passwd}. */
record PlainMessage(String authorizationId, String authenticationId, String password) {

  /** Empty if it is not such a message. */
  static Optional<PlainMessage> parse(byte[] bytes) {
    return SaslText.decodeUtf8(bytes).flatMap(PlainMessage::parse);
  }

  private static Optional<PlainMessage> parse(String message) {
    int first = message.indexOf('\0');
    int second = message.indexOf('\0', first + 1);
    boolean wellFormed = first >= 0 && second > first + 1 && second < message.length() - 1;
    if (!wellFormed || message.indexOf('\0', second + 1) >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        new PlainMessage(
            message.substring(0, first),
            message.substring(first + 1, second),
            message.substring(second + 1)));
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return "PlainMessage[" + authenticationId + "]";
  }
}
