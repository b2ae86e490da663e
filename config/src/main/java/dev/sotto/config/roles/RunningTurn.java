package dev.sotto.config.roles;

import java.util.Optional;

/** The TURN server as a role: others need to know where it listens. */
public interface RunningTurn extends RunningRole {

  /** The ports that it got. */
  Ports ports();

  /**
   * Ports of a TURN server, each with STUN.
   *
   * @param tls TURN over TLS, if it is on
   */
  record Ports(int udp, int tcp, Optional<Integer> tls) {}
}
