package dev.sotto.turn.relay;

import java.net.InetSocketAddress;
import java.util.Optional;

/** A channel number bound to a peer's transport address (RFC 8656 section 12), renewed in place. */
public final class ChannelBinding {
  private final int number;
  private final InetSocketAddress peer;

  /** Handed out for every packet, so it is made once. */
  private final Optional<ChannelBinding> present = Optional.of(this);

  private long expiresAtNanos;

  ChannelBinding(int number, InetSocketAddress peer, long expiresAtNanos) {
    this.number = number;
    this.peer = peer;
    this.expiresAtNanos = expiresAtNanos;
  }

  public int number() {
    return number;
  }

  public InetSocketAddress peer() {
    return peer;
  }

  public boolean isAlive(long nowNanos) {
    return nowNanos - expiresAtNanos < 0;
  }

  Optional<ChannelBinding> ifAlive(long nowNanos) {
    return isAlive(nowNanos) ? present : Optional.empty();
  }

  void renew(long expiresAtNanos) {
    this.expiresAtNanos = expiresAtNanos;
  }
}
