package dev.sotto.signalling;

import java.time.Instant;
import java.util.Optional;

/**
 * One service of XEP-0215 section 3: a STUN or TURN server, and for TURN a credential with its
 * expiry.
 */
public record IceService(
    Type type, String host, int port, Transport transport, Optional<Credential> credential) {

  /** Service types of XEP-0215 that calls use. */
  public enum Type {
    STUN,
    TURN,
    TURNS
  }

  /** Transport between client and service. */
  public enum Transport {
    UDP,
    TCP
  }

  /** A time-limited user name and password. */
  public record Credential(String username, String password, Instant expires) {}
}
