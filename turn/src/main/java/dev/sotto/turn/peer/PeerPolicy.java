package dev.sotto.turn.peer;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Decides which peers clients may reach (RFC 8656 section 5 leaves it to the server). In this
 * order: the deny list; this host's own addresses, of which only open ports are reachable; the
 * allow list; global unicast addresses.
 *
 * <p>An allow entry opens an own address only when it names exactly that address: a block that an
 * operator allows for peers behind the server must not expose the server's own ports.
 */
public final class PeerPolicy {
  private final HostPorts hostPorts;
  private volatile Lists lists;

  private record Lists(List<Cidr> allow, List<Cidr> deny, OwnAddresses own) {
    private Lists {
      allow = List.copyOf(allow);
      deny = List.copyOf(deny);
    }

    boolean isDenied(IpAddress address) {
      return deny.stream().anyMatch(block -> block.contains(address));
    }
  }

  public PeerPolicy(List<Cidr> allow, List<Cidr> deny, OwnAddresses own, HostPorts hostPorts) {
    this.lists = new Lists(allow, deny, own);
    this.hostPorts = hostPorts;
  }

  /** Judges by other lists from now on, from any thread; former verdicts are the caller's work. */
  public void replace(List<Cidr> allow, List<Cidr> deny, OwnAddresses own) {
    lists = new Lists(allow, deny, own);
  }

  /** What a permission for this address may be worth. */
  public PeerVerdict judge(IpAddress address) {
    Lists now = lists;
    boolean smuggles =
        EmbeddedIpv4.in(address).stream()
            .anyMatch(inner -> now.own().contains(inner) || now.isDenied(inner));
    if (now.isDenied(address) || smuggles || EmbeddedIpv4.isOnlyAWrapper(address)) {
      return PeerVerdict.REFUSED;
    }
    if (now.own().contains(address)) {
      if (now.allow().stream()
          .anyMatch(block -> block.isSingleAddress() && block.contains(address))) {
        return PeerVerdict.ALLOWED;
      }
      return hostPorts.mayHaveOpenPorts(address.toInetAddress())
          ? PeerVerdict.OPEN_HOST_PORTS_ONLY
          : PeerVerdict.REFUSED;
    }
    boolean allowed = now.allow().stream().anyMatch(block -> block.contains(address));
    return allowed || GlobalUnicast.contains(address) ? PeerVerdict.ALLOWED : PeerVerdict.REFUSED;
  }

  /**
   * Whether datagrams may be exchanged with this peer right now, under a permission of this
   * verdict.
   */
  public boolean isReachable(PeerVerdict verdict, InetSocketAddress peer) {
    return switch (verdict) {
      case ALLOWED -> true;
      case OPEN_HOST_PORTS_ONLY -> hostPorts.isOpen(peer);
      case REFUSED -> false;
    };
  }
}
