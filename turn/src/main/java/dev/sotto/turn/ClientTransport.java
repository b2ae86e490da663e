package dev.sotto.turn;

import java.util.Locale;

/** The protocol between a client and the server (RFC 8656 section 3.1; DTLS: RFC 7350). */
public enum ClientTransport {
  UDP,
  TCP,
  TLS,
  DTLS;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** As it stands in logs and metrics. */
  public String label() {
    return label;
  }
}
