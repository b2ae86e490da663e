package dev.sotto.turn.peer;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An IP address as bits. Unlike {@link InetAddress} it keeps an IPv4-mapped IPv6 address what it is
 * on the wire: IPv6.
 *
 * @param high upper 64 bits; 0 for IPv4
 * @param low lower 64 bits; the 32 bits of an IPv4 address
 */
public record IpAddress(boolean ipv6, long high, long low) {

  public static IpAddress ipv4(long bits) {
    return new IpAddress(false, 0, bits & 0xFFFF_FFFFL);
  }

  public static IpAddress of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return switch (address) {
      case Inet4Address _ -> ipv4(bytes.getInt());
      case Inet6Address _ -> new IpAddress(true, bytes.getLong(), bytes.getLong());
      default -> throw new IllegalArgumentException("neither IPv4 nor IPv6: " + address);
    };
  }

  /**
   * Reads an address literal; names are refused, so nothing is ever resolved.
   *
   * @throws IllegalArgumentException when the text is no address literal
   */
  public static IpAddress parse(String literal) {
    if (literal.contains(":")) {
      return of(Inet6Literal.parse(literal));
    }
    // The JDK also takes 10.1 for 10.0.0.1: in a list that decides on access that is a typing
    // error.
    if (literal.chars().filter(c -> c == '.').count() != 3) {
      throw new IllegalArgumentException("not four numbers with dots: '" + literal + "'");
    }
    return of(Inet4Address.ofLiteral(literal));
  }

  public InetAddress toInetAddress() {
    ByteBuffer bytes = ByteBuffer.allocate(ipv6 ? 16 : 4);
    if (ipv6) {
      bytes.putLong(high).putLong(low);
    } else {
      bytes.putInt((int) low);
    }
    try {
      return InetAddress.getByAddress(bytes.array());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes always make an address", e);
    }
  }

  int bits() {
    return ipv6 ? 128 : 32;
  }

  /** Whether the first {@code prefixBits} bits of both are equal and both are of one family. */
  boolean sharesPrefix(IpAddress other, int prefixBits) {
    if (ipv6 != other.ipv6) {
      return false;
    }
    if (!ipv6) {
      return prefixBits == 0 || (low ^ other.low) >>> (32 - prefixBits) == 0;
    }
    if (prefixBits <= 64) {
      return prefixBits == 0 || (high ^ other.high) >>> (64 - prefixBits) == 0;
    }
    return high == other.high && (low ^ other.low) >>> (128 - prefixBits) == 0;
  }

  @Override
  public String toString() {
    return toInetAddress().getHostAddress();
  }
}
