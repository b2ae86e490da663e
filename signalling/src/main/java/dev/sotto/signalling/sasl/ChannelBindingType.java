package dev.sotto.signalling.sasl;

import java.util.Arrays;
import java.util.Optional;

/** Ways to name one TLS connection, best first (RFC 5056 section 7, IANA). */
public enum ChannelBindingType {
  /** Keys that only both ends of this connection can derive (RFC 9266). */
  TLS_EXPORTER("tls-exporter"),
  /** The hash of the server's certificate (RFC 5929 section 4). */
  TLS_SERVER_END_POINT("tls-server-end-point");

  private final String wireName;

  ChannelBindingType(String wireName) {
    this.wireName = wireName;
  }

  /** Its unique prefix. */
  public String wireName() {
    return wireName;
  }

  static Optional<ChannelBindingType> of(String wireName) {
    return Arrays.stream(values()).filter(type -> type.wireName.equals(wireName)).findAny();
  }
}
