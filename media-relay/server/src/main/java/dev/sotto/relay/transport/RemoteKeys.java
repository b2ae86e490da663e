package dev.sotto.relay.transport;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Numbers for pairs of a local socket and a remote address: equal pairs have equal numbers. For
 * IPv4 the number is the pair; for IPv6 it is a hash, so addresses are compared too.
 */
public final class RemoteKeys {
  /** Sockets of one worker that are told apart. */
  public static final int MAXIMUM_SOCKETS = 64;

  private static final int SOCKET_SHIFT = 56;
  private static final long IPV6_BIT = 1L << 55;
  private static final int PORT_BITS = 16;

  private RemoteKeys() {}

  /**
   * The number of a pair. Allocates nothing.
   *
   * @param socket below {@link #MAXIMUM_SOCKETS}
   */
  public static long of(int socket, InetSocketAddress remote) {
    InetAddress address = remote.getAddress();
    // The hash of an IPv4 address is the address itself, by the specification of Inet4Address.
    long key = ((address.hashCode() & 0xffff_ffffL) << PORT_BITS) | remote.getPort();
    long family = address instanceof Inet4Address ? 0 : IPV6_BIT;
    return ((long) socket << SOCKET_SHIFT) | family | key;
  }

  /** The local socket of a pair. */
  public static int socket(long key) {
    return (int) (key >>> SOCKET_SHIFT);
  }

  /** Whether the number alone tells the address. */
  static boolean isExact(long key) {
    return (key & IPV6_BIT) == 0;
  }
}
