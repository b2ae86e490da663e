package dev.sotto.turn.relay;

import java.net.InetSocketAddress;

/** A channel number bound to a peer's transport address (RFC 8656 section 12), renewed in place. */
public final class ChannelBinding {
  private final int number;
  private final InetSocketAddress peer;
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

  void renew(long expiresAtNanos) {
    this.expiresAtNanos = expiresAtNanos;
  }
}
