package dev.sotto.turn;

import java.net.InetAddress;

/**
 * An address that relayed ports are opened on.
 *
 * @param bind a specific address of this host, not a wildcard
 * @param advertised what clients are told: the same, or the external side of a one-to-one NAT
 */
public record RelayAddress(InetAddress bind, InetAddress advertised) {

  public RelayAddress {
    if (bind.isAnyLocalAddress() || advertised.isAnyLocalAddress()) {
      throw new IllegalArgumentException(
          "a relay address is a specific address, not " + bind.getHostAddress());
    }
    if (bind.getClass() != advertised.getClass()) {
      throw new IllegalArgumentException(
          "a relay address and what it is advertised as are of one family");
    }
  }

  public static RelayAddress of(InetAddress address) {
    return new RelayAddress(address, address);
  }
}
