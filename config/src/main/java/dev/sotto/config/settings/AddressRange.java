package dev.sotto.config.settings;

import java.net.InetAddress;

/** A block of IP addresses in CIDR form, or one address. */
public record AddressRange(InetAddress address, int prefixBits) {

  public AddressRange {
    if (prefixBits < 0 || prefixBits > address.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException();
    }
  }

  static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    int bits =
        slash < 0
            ? address.getAddress().length * Byte.SIZE
            : Integer.parseInt(text.substring(slash + 1));
    return new AddressRange(address, bits);
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixBits;
  }
}
