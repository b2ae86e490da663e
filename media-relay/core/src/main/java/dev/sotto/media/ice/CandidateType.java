package dev.sotto.media.ice;

/**
 * Kinds of candidates that the relay has, with the type preferences of RFC 8445 section 5.1.2.2.
 */
public enum CandidateType {
  /** An address of the relay, or the one that its operator or cloud maps to it one to one. */
  HOST(126),
  /** What a STUN server saw: a NAT is between, and it may let in only those sent to. */
  SERVER_REFLEXIVE(100);

  private final int preference;

  CandidateType(int preference) {
    this.preference = preference;
  }

  int preference() {
    return preference;
  }
}
