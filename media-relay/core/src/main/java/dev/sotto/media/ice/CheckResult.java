package dev.sotto.media.ice;

/** What became of a datagram that came as STUN; each is counted by {@link IceResponder}. */
public enum CheckResult {
  /** Authenticated and answered with success. */
  ANSWERED,
  /** Not one whole STUN message. Silence. */
  MALFORMED,
  /** A response, an indication, or another method than Binding. Silence. */
  NOT_A_CHECK,
  /**
   * FINGERPRINT is missing or wrong, so it may not be STUN at all (RFC 8489 section 7), or an
   * attribute that checks do not have is broken. Silence.
   */
  NO_FINGERPRINT,
  /** USERNAME or MESSAGE-INTEGRITY is missing: 400, or silence when that host has had its share. */
  BAD_REQUEST,
  /** No session has this local fragment: 401, or silence when that host has had its share. */
  UNKNOWN_USER,
  /** The password is another: 401. */
  WRONG_INTEGRITY,
  /** Too many failures of that host in that session lately. Silence, and nothing is computed. */
  OVER_BUDGET,
  /** Authenticated, with comprehension-required attributes that are unknown: 420. */
  UNKNOWN_ATTRIBUTE,
  /** Authenticated, from an agent that takes the controlled role: 487. */
  ROLE_CONFLICT
}
