package dev.sotto.turn.peer;

import java.util.List;
import java.util.stream.Stream;

/**
 * Tells global unicast addresses from all others by IANA's special-purpose registries (RFC 6890),
 * after unwrapping the forms in which an IPv6 address carries an IPv4 address: what such a form
 * leads to counts.
 */
final class GlobalUnicast {
  private static final List<Cidr> SPECIAL_IPV4 =
      blocks(
          "0.0.0.0/8", // this network; Linux delivers 0.0.0.0 to itself
          "10.0.0.0/8", // private
          "100.64.0.0/10", // carrier-grade NAT
          "127.0.0.0/8", // loopback
          "169.254.0.0/16", // link-local, cloud metadata
          "172.16.0.0/12", // private
          "192.0.0.0/24", // protocol assignments
          "192.0.2.0/24", // documentation
          "192.31.196.0/24", // AS112
          "192.52.193.0/24", // AMT
          "192.88.99.0/24", // 6to4 relay anycast, deprecated
          "192.168.0.0/16", // private
          "192.175.48.0/24", // AS112
          "198.18.0.0/15", // benchmarking
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/3"); // multicast, reserved, broadcast

  /**
   * Everything outside is loopback, mapped, compatible, translated, unique local, link-local,
   * multicast or unassigned.
   */
  private static final Cidr GLOBAL_IPV6 = Cidr.parse("2000::/3");

  private static final List<Cidr> SPECIAL_IPV6 =
      blocks(
          "2001:2::/48", // benchmarking
          "2001:10::/28", // ORCHID, deprecated
          "2001:20::/28", // ORCHIDv2: identifiers, not routable
          "2001:db8::/32", // documentation
          "2620:4f:8000::/48", // AS112
          "3fff::/20"); // documentation

  private GlobalUnicast() {}

  static boolean contains(IpAddress address) {
    if (!address.ipv6()) {
      return SPECIAL_IPV4.stream().noneMatch(block -> block.contains(address));
    }
    boolean special =
        !GLOBAL_IPV6.contains(address)
            || SPECIAL_IPV6.stream().anyMatch(block -> block.contains(address));
    return (!special || EmbeddedIpv4.isNat64(address))
        && EmbeddedIpv4.in(address).stream().allMatch(GlobalUnicast::contains);
  }

  private static List<Cidr> blocks(String... texts) {
    return Stream.of(texts).map(Cidr::parse).toList();
  }
}
