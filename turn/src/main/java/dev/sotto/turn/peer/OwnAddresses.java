package dev.sotto.turn.peer;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The addresses that lead back to this host: those of its interfaces, loopback, and those it is
 * known by outside.
 */
public final class OwnAddresses {
  private static final Cidr LOOPBACK_IPV4 = Cidr.parse("127.0.0.0/8");
  private static final Set<IpAddress> ALWAYS =
      Set.of(IpAddress.parse("::1"), IpAddress.parse("0.0.0.0"), IpAddress.parse("::"));

  private final Set<IpAddress> addresses;

  public OwnAddresses(Collection<InetAddress> addresses) {
    this.addresses = addresses.stream().map(IpAddress::of).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * This host's interface addresses as of now, and {@code others} such as the external side of a
   * one-to-one NAT.
   */
  public static OwnAddresses ofThisHost(Collection<InetAddress> others) {
    try {
      return new OwnAddresses(
          Stream.concat(
                  NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses),
                  others.stream())
              .toList());
    } catch (SocketException e) {
      throw new IllegalStateException("cannot list this host's network interfaces", e);
    }
  }

  boolean contains(IpAddress address) {
    return addresses.contains(address)
        || ALWAYS.contains(address)
        || LOOPBACK_IPV4.contains(address);
  }
}
