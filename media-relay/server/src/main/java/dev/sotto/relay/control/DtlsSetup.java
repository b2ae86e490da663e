package dev.sotto.relay.control;

/** Who starts the DTLS handshake (RFC 4145 section 4), said of oneself. */
public enum DtlsSetup {
  /** Is the DTLS client. */
  ACTIVE,
  /** Is the DTLS server. */
  PASSIVE,
  /** Either; the other side decides. */
  ACTPASS
}
