package dev.sotto.turn.relay;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How many new peers a user turns to: what a scan of other hosts would be made of. A peer that the
 * user has turned to lately is not new, from whichever of the user's allocations. Shared by event
 * loops without a lock; of two loops that name one new peer at once, both may count it.
 */
final class NewPeers {
  private static final int REMEMBERED = 64;

  private final RateLimit rate;
  private final AtomicReferenceArray<InetAddress> lately = new AtomicReferenceArray<>(REMEMBERED);

  NewPeers(RateLimit rate) {
    this.rate = rate;
  }

  /** Turns to all of these peers, or to none. */
  boolean tryTake(Collection<InetAddress> peers, long nowNanos) {
    if (rate.isUnlimited()) {
      return true;
    }
    List<InetAddress> unknown =
        peers.stream().filter(peer -> !peer.equals(lately.get(slotOf(peer)))).toList();
    if (!unknown.isEmpty() && !rate.tryTake(unknown.size(), nowNanos)) {
      return false;
    }
    unknown.forEach(peer -> lately.set(slotOf(peer), peer));
    return true;
  }

  boolean isRested(long nowNanos) {
    return rate.isRested(nowNanos);
  }

  private static int slotOf(InetAddress peer) {
    int hash = peer.hashCode();
    return (hash ^ hash >>> 16) & (REMEMBERED - 1);
  }
}
