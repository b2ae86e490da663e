package dev.sotto.turn.relay;

import dev.sotto.turn.relay.AllocationLimits.Verdict;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How many new peers a user turns to: what a scan of other hosts would be made of. A peer that the
 * user has turned to lately is not new, from whichever of the user's allocations. What is new to
 * the user counts in total as well, whoever else knows it. Shared by event loops without a lock; of
 * two loops that name one new peer at once, both may count it.
 */
final class NewPeers {
  private static final int REMEMBERED = 64;

  private final RateLimit rate;
  private final RateLimit totalRate;
  private final AtomicReferenceArray<InetAddress> lately = new AtomicReferenceArray<>(REMEMBERED);

  NewPeers(RateLimit rate, RateLimit totalRate) {
    this.rate = rate;
    this.totalRate = totalRate;
  }

  /** Turns to all of these peers, or to none. */
  Verdict take(Collection<InetAddress> peers, long nowNanos) {
    if (rate.isUnlimited() && totalRate.isUnlimited()) {
      return Verdict.GRANTED;
    }
    List<InetAddress> unknown =
        peers.stream().filter(peer -> !peer.equals(lately.get(slotOf(peer)))).toList();
    if (unknown.isEmpty()) {
      return Verdict.GRANTED;
    }
    if (!rate.tryTake(unknown.size(), nowNanos)) {
      return Verdict.USER_RATE_REACHED;
    }
    if (!totalRate.tryTake(unknown.size(), nowNanos)) {
      rate.giveBack(unknown.size());
      return Verdict.TOTAL_RATE_REACHED;
    }
    unknown.forEach(peer -> lately.set(slotOf(peer), peer));
    return Verdict.GRANTED;
  }

  boolean isRested(long nowNanos) {
    return rate.isRested(nowNanos);
  }

  private static int slotOf(InetAddress peer) {
    int hash = peer.hashCode();
    return (hash ^ hash >>> 16) & (REMEMBERED - 1);
  }
}
