package dev.sotto.turn.relay;

import dev.sotto.turn.peer.PeerVerdict;
import java.net.InetAddress;
import java.util.Optional;

/** A permission for one peer address (RFC 8656 section 9), renewed in place. */
public final class Permission {
  private final byte[] peerIp;
  private final PeerVerdict verdict;

  /** Handed out for every packet, so it is made once. */
  private final Optional<Permission> present = Optional.of(this);

  private long expiresAtNanos;

  Permission(InetAddress peer, PeerVerdict verdict, long expiresAtNanos) {
    this.peerIp = peer.getAddress();
    this.verdict = verdict;
    this.expiresAtNanos = expiresAtNanos;
  }

  /** What the peer policy said when the permission was installed. */
  public PeerVerdict verdict() {
    return verdict;
  }

  /** The peer's address as it stands in every Data indication; not a copy, so not to be changed. */
  public byte[] peerIp() {
    return peerIp;
  }

  public boolean isAlive(long nowNanos) {
    return nowNanos - expiresAtNanos < 0;
  }

  Optional<Permission> ifAlive(long nowNanos) {
    return isAlive(nowNanos) ? present : Optional.empty();
  }

  /** The same permission with another verdict. */
  Permission judgedAnew(InetAddress peer, PeerVerdict other) {
    return new Permission(peer, other, expiresAtNanos);
  }

  void renew(long expiresAtNanos) {
    this.expiresAtNanos = expiresAtNanos;
  }
}
