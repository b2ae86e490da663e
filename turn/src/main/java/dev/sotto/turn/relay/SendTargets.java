package dev.sotto.turn.relay;

import dev.sotto.turn.stun.XorAddress;
import java.net.InetSocketAddress;

/**
 * Remembers the socket addresses of the peers that a client names in Send indications, so that
 * naming one again makes no garbage. Direct-mapped and of fixed size: a peer too many costs a new
 * object, nothing else.
 */
final class SendTargets {
  private static final int SLOTS = 8;

  private final Slot[] slots = new Slot[SLOTS];

  private record Slot(boolean ipv6, long high, long low, int port, InetSocketAddress address) {
    boolean holds(XorAddress peer) {
      return low == peer.low()
          && port == peer.port()
          && high == peer.high()
          && ipv6 == peer.isIpv6();
    }
  }

  InetSocketAddress resolve(XorAddress peer) {
    int index = (int) (peer.low() ^ peer.port()) & (SLOTS - 1);
    Slot slot = slots[index];
    if (slot == null || !slot.holds(peer)) {
      slot = new Slot(peer.isIpv6(), peer.high(), peer.low(), peer.port(), peer.toSocketAddress());
      slots[index] = slot;
    }
    return slot.address();
  }
}
