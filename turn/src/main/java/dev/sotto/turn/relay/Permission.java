package dev.sotto.turn.relay;

import dev.sotto.turn.peer.PeerVerdict;

/** A permission for one peer address (RFC 8656 section 9), renewed in place. */
public final class Permission {
  private final PeerVerdict verdict;
  private long expiresAtNanos;

  Permission(PeerVerdict verdict, long expiresAtNanos) {
    this.verdict = verdict;
    this.expiresAtNanos = expiresAtNanos;
  }

  /** What the peer policy said when the permission was installed. */
  public PeerVerdict verdict() {
    return verdict;
  }

  public boolean isAlive(long nowNanos) {
    return nowNanos - expiresAtNanos < 0;
  }

  void renew(long expiresAtNanos) {
    this.expiresAtNanos = expiresAtNanos;
  }
}
