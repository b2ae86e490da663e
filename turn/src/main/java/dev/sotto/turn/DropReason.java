package dev.sotto.turn;

/** Why a datagram was dropped, almost always without an answer; each is a counter. */
public enum DropReason {
  /** Neither STUN with the magic cookie nor ChannelData, or broken inside. */
  MALFORMED,
  FINGERPRINT_MISMATCH,
  UNKNOWN_METHOD,
  /** A response, or an indication that a server does not take. */
  UNEXPECTED_CLASS,
  /** Data from a client that has no allocation. */
  NO_ALLOCATION,
  NO_CHANNEL,
  NO_PERMISSION,
  /** A port of this host that is not open to clients. */
  PEER_REFUSED,
  /** The source has used up its answers to unauthenticated messages. */
  RESPONSE_BUDGET,
  /** A TCP, TLS or DTLS client beyond the limits of connections, or of handshakes at once. */
  CONNECTION_LIMIT,
  /** The allocation has used up its bits for this second. */
  ALLOCATION_RATE,
  /** All allocations of the user together have. */
  USER_RATE,
  /** The server as a whole has. */
  TOTAL_RATE,
  /** A request that named more new peers than its user may in this second; answered with 508. */
  NEW_PEERS_RATE,
  /** More than all users together may; answered with 508. */
  TOTAL_NEW_PEERS_RATE,
  /** A request for more permissions than its user may hold at a time; answered with 508. */
  USER_PERMISSIONS,
  /** More than the server grants at a time; answered with 508. */
  TOTAL_PERMISSIONS,
  OVERSIZED,
  /** A datagram without payload for a peer: the transport cannot send it. */
  EMPTY,
  SEND_QUEUE_FULL,
  /** The kernel refused the datagram: no route, too big. */
  SEND_FAILED
}
