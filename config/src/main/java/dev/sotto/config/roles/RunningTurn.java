package dev.sotto.config.roles;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** The TURN server as a role: others need to know where it listens. */
public interface RunningTurn extends RunningRole {

  /** The ports that it got. */
  Ports ports();

  /** Lets clients reach these ports of this host, although they are the host's own. */
  void open(List<InetSocketAddress> mediaAddresses);

  /**
   * Ports of a TURN server, each with STUN.
   *
   * @param tls TURN over TLS, if it is on
   */
  record Ports(int udp, int tcp, Optional<Integer> tls) {}
}
