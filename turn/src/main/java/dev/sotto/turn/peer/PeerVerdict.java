package dev.sotto.turn.peer;

/** What the peer policy says of one peer address. */
public enum PeerVerdict {
  ALLOWED,
  /**
   * An address of this host: only its open ports may be reached, and each datagram's port is
   * checked.
   */
  OPEN_HOST_PORTS_ONLY,
  REFUSED
}
