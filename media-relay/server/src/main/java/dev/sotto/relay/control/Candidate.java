package dev.sotto.relay.control;

import java.util.Optional;

/**
 * A UDP address at which one side may be reached (RFC 8445 section 5.1), for RTP and RTCP in one.
 *
 * @param priority unsigned, 31 bits
 * @param address an IP address, or an mDNS name, which the relay does not resolve
 * @param related the base of an address that is not a host's own
 */
public record Candidate(
    String foundation,
    long priority,
    String address,
    int port,
    Type type,
    Optional<Related> related) {

  /** How the address was found (RFC 8445 section 4). */
  public enum Type {
    HOST,
    SRFLX,
    PRFLX,
    RELAY
  }

  /** An address that a candidate stems from; shown in diagnostics, never sent to. */
  public record Related(String address, int port) {}
}
