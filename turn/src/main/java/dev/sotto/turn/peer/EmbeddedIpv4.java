package dev.sotto.turn.peer;

import java.util.List;

/** The IPv4 addresses that an IPv6 address carries and may lead to, in every standard form. */
final class EmbeddedIpv4 {
  /** Forms that never leave a host or are gone from the internet: no peer has such an address. */
  private static final List<Cidr> NEVER_A_PEER =
      List.of(
          Cidr.parse("::/96"), // compatible (RFC 4291 section 2.5.5.1)
          Cidr.parse("::ffff:0:0/96"), // mapped (RFC 4291 section 2.5.5.2)
          Cidr.parse("::ffff:0:0:0/96")); // translated (RFC 7915)

  private static final IpAddress LOOPBACK = IpAddress.parse("::1");
  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
  private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");
  private static final Cidr TEREDO = Cidr.parse("2001::/32");

  private EmbeddedIpv4() {}

  static boolean isOnlyAWrapper(IpAddress address) {
    // Loopback lies within the compatible block without being of it.
    return !address.equals(LOOPBACK)
        && NEVER_A_PEER.stream().anyMatch(block -> block.contains(address));
  }

  static boolean isNat64(IpAddress address) {
    return NAT64.contains(address);
  }

  static List<IpAddress> in(IpAddress address) {
    if (!address.ipv6()) {
      return List.of();
    }
    if (SIX_TO_FOUR.contains(address)) {
      return List.of(IpAddress.ipv4(address.high() >>> 16));
    }
    if (TEREDO.contains(address)) {
      // The server in clear, the client with every bit flipped (RFC 4380 section 4).
      return List.of(IpAddress.ipv4(address.high()), IpAddress.ipv4(~address.low()));
    }
    if (isNat64(address) || isIsatap(address)) {
      return List.of(IpAddress.ipv4(address.low()));
    }
    return List.of();
  }

  /**
   * Interface identifier 00-00-5E-FE or 02-00-5E-FE, then an IPv4 address (RFC 5214 section 6.1).
   */
  private static boolean isIsatap(IpAddress address) {
    return ((address.low() >>> 32) & ~0x0200_0000L) == 0x0000_5EFEL;
  }
}
