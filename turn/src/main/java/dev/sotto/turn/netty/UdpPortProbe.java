package dev.sotto.turn.netty;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;

/**
 * Finds out whether a UDP port is free. With SO_REUSEPORT a second server of the same user would
 * bind it without an error and take a part of the first one's clients.
 */
public final class UdpPortProbe {
  private UdpPortProbe() {}

  /**
   * Binds the address alone for a moment.
   *
   * @throws dev.sotto.turn.TurnServerException when it is taken or not an address of this host
   */
  public static void requireFree(InetSocketAddress address) {
    StandardProtocolFamily family =
        address.getAddress() instanceof Inet4Address
            ? StandardProtocolFamily.INET
            : StandardProtocolFamily.INET6;
    try (DatagramChannel probe = DatagramChannel.open(family)) {
      probe.bind(address);
    } catch (IOException e) {
      throw BindFailure.of("UDP", address, e);
    }
  }
}
