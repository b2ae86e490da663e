package dev.sotto.turn.peer;

/**
 * A block of addresses in CIDR notation: {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one
 * address without a prefix.
 *
 * @param prefixBits 0-32 for IPv4, 0-128 for IPv6
 */
public record Cidr(IpAddress base, int prefixBits) {

  public Cidr {
    if (prefixBits < 0 || prefixBits > base.bits()) {
      throw new IllegalArgumentException("prefix /" + prefixBits + " is not 0-" + base.bits());
    }
  }

  /**
   * Parses CIDR notation.
   *
   * @throws IllegalArgumentException naming the text when it is not an address with an optional
   *     prefix length
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    try {
      IpAddress base = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
      return new Cidr(base, slash < 0 ? base.bits() : Integer.parseInt(text.substring(slash + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "not an address block in CIDR notation: '" + text + "'", e);
    }
  }

  public boolean contains(IpAddress address) {
    return base.sharesPrefix(address, prefixBits);
  }

  /** Whether this block is exactly one address. */
  boolean isSingleAddress() {
    return prefixBits == base.bits();
  }

  @Override
  public String toString() {
    return base + "/" + prefixBits;
  }
}
