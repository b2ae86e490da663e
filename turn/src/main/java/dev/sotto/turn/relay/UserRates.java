package dev.sotto.turn.relay;

import dev.sotto.turn.TrafficLimits;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The rates that users and the server as a whole are held to, over all event loops. A user's rates
 * outlive the last allocation until they are rested: allocating anew is no way around them.
 */
public final class UserRates {
  private final TrafficLimits limits;
  private final RateLimit totalBytes;
  private final RateLimit totalNewPeers;
  private final ConcurrentMap<String, Rates> byOwner = new ConcurrentHashMap<>();
  private final Set<String> withoutAllocations = ConcurrentHashMap.newKeySet();

  private record Rates(RateLimit bytes, NewPeers newPeers, int allocations) {
    Rates plus(int more) {
      return new Rates(bytes, newPeers, allocations + more);
    }

    boolean isOver(long nowNanos) {
      return allocations == 0 && bytes.isRested(nowNanos) && newPeers.isRested(nowNanos);
    }
  }

  public UserRates(TrafficLimits limits, long nowNanos) {
    this.limits = limits;
    this.totalBytes = bytes(limits.bitsPerSecondInTotal(), nowNanos);
    this.totalNewPeers = newPeers(limits.newPeersPerSecondInTotal(), nowNanos);
  }

  /** The limits of one more allocation of this user; to be given back with {@link #release}. */
  public AllocationLimits acquire(String owner, long nowNanos) {
    Rates rates =
        byOwner.compute(owner, (_, known) -> (known == null ? newRates(nowNanos) : known).plus(1));
    return new AllocationLimits(
        bytes(limits.bitsPerSecondPerAllocation(), nowNanos),
        rates.bytes(),
        totalBytes,
        rates.newPeers());
  }

  public void release(String owner) {
    byOwner.computeIfPresent(
        owner,
        (_, rates) -> {
          Rates left = rates.plus(-1);
          if (left.allocations() == 0) {
            withoutAllocations.add(owner);
          }
          return left;
        });
  }

  /** Forgets users without allocations whose rates are rested. */
  public void removeRested(long nowNanos) {
    for (String owner : withoutAllocations) {
      byOwner.computeIfPresent(
          owner,
          (_, rates) -> {
            boolean over = rates.isOver(nowNanos);
            if (over || rates.allocations() > 0) {
              withoutAllocations.remove(owner);
            }
            return over ? null : rates;
          });
    }
  }

  /** How many users are remembered. */
  public int users() {
    return byOwner.size();
  }

  private Rates newRates(long nowNanos) {
    return new Rates(
        bytes(limits.bitsPerSecondPerUser(), nowNanos),
        new NewPeers(newPeers(limits.newPeersPerSecondPerUser(), nowNanos), totalNewPeers),
        0);
  }

  private static RateLimit newPeers(int perSecond, long nowNanos) {
    return new RateLimit(perSecond, 2L * perSecond, nowNanos);
  }

  private static RateLimit bytes(long bitsPerSecond, long nowNanos) {
    long bytesPerSecond = bitsPerSecond / Byte.SIZE;
    return new RateLimit(bytesPerSecond, bytesPerSecond, nowNanos);
  }
}
