package dev.sotto.turn.peer;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Parses an IPv6 literal to IPv6 always: the JDK turns IPv4-mapped literals into IPv4 addresses.
 */
final class Inet6Literal {
  private static final String MAPPED_PREFIX = "::ffff:";

  private Inet6Literal() {}

  static Inet6Address parse(String literal) {
    InetAddress address = InetAddress.ofLiteral(literal);
    if (address instanceof Inet6Address ipv6) {
      return ipv6;
    }
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xFF;
    mapped[11] = (byte) 0xFF;
    System.arraycopy(address.getAddress(), 0, mapped, 12, 4);
    try {
      return Inet6Address.getByAddress(MAPPED_PREFIX, mapped, -1);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes always make an IPv6 address", e);
    }
  }
}
