package dev.sotto.media.ice;

import java.net.InetSocketAddress;

/** An address from which an authenticated check came, and when the last one did. */
final class RemoteAddress {
  /** Stands for "nothing selected": no address is equal to it. */
  static final RemoteAddress NONE = new RemoteAddress(0, new InetSocketAddress(0), 0);

  final long key;
  final InetSocketAddress address;
  private long lastCheckNanos;

  RemoteAddress(long key, InetSocketAddress address, long nowNanos) {
    this.key = key;
    this.address = address;
    this.lastCheckNanos = nowNanos;
  }

  void heard(long nowNanos) {
    lastCheckNanos = nowNanos;
  }

  long silenceNanos(long nowNanos) {
    return nowNanos - lastCheckNanos;
  }

  long lastCheckNanos() {
    return lastCheckNanos;
  }

  /** Keys of different addresses may be equal (a hash of IPv6), so both are compared. */
  boolean is(long otherKey, InetSocketAddress other) {
    return key == otherKey && address.equals(other);
  }
}
