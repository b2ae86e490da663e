package dev.sotto.turn.netty;

import dev.sotto.turn.relay.AddressFamily;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;

/**
 * What relayed sockets need of Linux beyond Netty's own options, for one address family (ip(7),
 * ipv6(7)).
 */
record PeerSocketOptions(
    IntegerUnixChannelOption mtuDiscovery, int fragmented, IntegerUnixChannelOption errors) {
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_IPV6 = 41;
  private static final int PMTUDISC_DONT = 0;
  private static final int PMTUDISC_WANT = 1;

  /**
   * Sets the Don't Fragment bit and believes no path MTU that the kernel was told of: forged
   * messages could make it tiny, and finding it out is the client's work.
   */
  private static final int PMTUDISC_PROBE = 3;

  /** Fragmentation is left to routers unless a client forbids it (RFC 8656 section 14). */
  private static final PeerSocketOptions IPV4 =
      new PeerSocketOptions(
          new IntegerUnixChannelOption("IP_MTU_DISCOVER", IPPROTO_IP, 10),
          PMTUDISC_DONT,
          new IntegerUnixChannelOption("IP_RECVERR", IPPROTO_IP, 11));

  /** Routers never fragment IPv6; this host may, as it does by default. */
  private static final PeerSocketOptions IPV6 =
      new PeerSocketOptions(
          new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", IPPROTO_IPV6, 23),
          PMTUDISC_WANT,
          new IntegerUnixChannelOption("IPV6_RECVERR", IPPROTO_IPV6, 25));

  static PeerSocketOptions of(AddressFamily family) {
    return family.isIpv6() ? IPV6 : IPV4;
  }

  void allowFragmentation(DatagramChannel channel) {
    channel.config().setOption(mtuDiscovery, fragmented);
  }

  void forbidFragmentation(DatagramChannel channel) {
    channel.config().setOption(mtuDiscovery, PMTUDISC_PROBE);
  }

  void receiveErrors(DatagramChannel channel, boolean wanted) {
    channel.config().setOption(errors, wanted ? 1 : 0);
  }
}
