package dev.sotto.turn.netty;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;

/**
 * Finds out whether a port is free. With SO_REUSEPORT a second server of the same user would bind
 * it without an error and take a part of the first one's clients.
 */
public final class PortProbe {
  private PortProbe() {}

  /**
   * Binds the UDP port alone for a moment.
   *
   * @throws dev.sotto.turn.TurnServerException when it is taken or not an address of this host
   */
  public static void requireFreeUdp(InetSocketAddress address) {
    try (DatagramChannel probe = DatagramChannel.open(family(address))) {
      probe.bind(address);
    } catch (IOException e) {
      throw BindFailure.of("UDP", address, e);
    }
  }

  /**
   * Binds the TCP port alone for a moment.
   *
   * @throws dev.sotto.turn.TurnServerException when it is taken or not an address of this host
   */
  public static void requireFreeTcp(InetSocketAddress address) {
    try (ServerSocketChannel probe = ServerSocketChannel.open(family(address))) {
      probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      probe.bind(address);
    } catch (IOException e) {
      throw BindFailure.of("TCP", address, e);
    }
  }

  private static StandardProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }
}
