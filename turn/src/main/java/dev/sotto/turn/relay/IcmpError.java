package dev.sotto.turn.relay;

import java.net.Inet4Address;
import java.net.InetSocketAddress;

/**
 * What the network said of a datagram that a relayed socket had sent (RFC 8656 section 11.5).
 *
 * @param peer where the datagram was to go
 * @param type of ICMP, or of ICMPv6 when the peer's address is IPv6
 * @param mtu of the link that the datagram was too big for; means something only then
 */
public record IcmpError(InetSocketAddress peer, int type, int code, long mtu) {
  private static final int DESTINATION_UNREACHABLE = 3;
  private static final int FRAGMENTATION_NEEDED = 4;
  private static final int TIME_EXCEEDED = 11;
  private static final int V6_PACKET_TOO_BIG = 2;
  private static final int V6_TIME_EXCEEDED = 3;

  /** The nearest link is too small already: what a router would have said of a next one. */
  public static IcmpError tooBig(InetSocketAddress peer, long mtu) {
    return isIpv4(peer)
        ? new IcmpError(peer, DESTINATION_UNREACHABLE, FRAGMENTATION_NEEDED, mtu)
        : new IcmpError(peer, V6_PACKET_TOO_BIG, 0, mtu);
  }

  /** Whether clients are told of errors of this type. */
  public boolean isForClients() {
    return isIpv4(peer)
        ? type == DESTINATION_UNREACHABLE || type == TIME_EXCEEDED
        : type >= 1 && type <= V6_TIME_EXCEEDED;
  }

  /** The error data of the ICMP attribute: the MTU, or zero for errors that are not of size. */
  public long errorData() {
    boolean ofSize =
        isIpv4(peer)
            ? type == DESTINATION_UNREACHABLE && code == FRAGMENTATION_NEEDED
            : type == V6_PACKET_TOO_BIG;
    return ofSize ? mtu : 0;
  }

  private static boolean isIpv4(InetSocketAddress peer) {
    return peer.getAddress() instanceof Inet4Address;
  }
}
