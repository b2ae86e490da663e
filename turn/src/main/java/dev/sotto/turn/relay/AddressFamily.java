package dev.sotto.turn.relay;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/** Address families by their number in REQUESTED-ADDRESS-FAMILY (RFC 8656 section 18.6). */
public enum AddressFamily {
  IPV4(1),
  IPV6(2);

  private final int number;

  AddressFamily(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  public boolean isIpv6() {
    return this == IPV6;
  }

  public static Optional<AddressFamily> ofNumber(int number) {
    return switch (number) {
      case 1 -> Optional.of(IPV4);
      case 2 -> Optional.of(IPV6);
      default -> Optional.empty();
    };
  }

  public static AddressFamily of(InetAddress address) {
    return address instanceof Inet4Address ? IPV4 : IPV6;
  }
}
