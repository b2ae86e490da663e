package dev.sotto.config.roles;

import dev.sotto.config.settings.HostName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/** Which addresses this host has, and which ones stand for it outside. */
final class HostAddresses {

  private static final int DISCARD_PORT = 9;

  private HostAddresses() {}

  /**
   * The public address, IPv4 where it has both.
   *
   * @throws StartException when DNS does not know it
   */
  static InetAddress resolve(HostName host) {
    try {
      InetAddress[] addresses = InetAddress.getAllByName(host.value());
      return Arrays.stream(addresses)
          .filter(address -> address instanceof Inet4Address)
          .findFirst()
          .orElse(addresses[0]);
    } catch (UnknownHostException e) {
      throw new StartException(
          "sotto.public-address: "
              + host
              + " cannot be resolved; set a name that DNS knows, or"
              + " an IP address",
          e);
    }
  }

  /**
   * The address that packets to the outside leave from; connecting a UDP socket sends nothing.
   *
   * @param setting the key that an error names
   */
  static InetAddress routedFrom(Optional<InetAddress> outside, String setting) {
    InetAddress target = outside.orElseGet(InetAddress::getLoopbackAddress);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(target, DISCARD_PORT));
      return socket.getLocalAddress();
    } catch (IOException | UncheckedIOException e) {
      throw new StartException(
          setting + ": cannot tell which address of this host to relay from; set it", e);
    }
  }
}
