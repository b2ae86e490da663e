package dev.sotto.turn.relay;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts allocations per user and in total, over all event loops. */
public final class Quotas {
  private final int perUser;
  private final int total;
  private final ConcurrentMap<String, Integer> byOwner = new ConcurrentHashMap<>();
  private final AtomicInteger all = new AtomicInteger();

  /** What came of asking for one allocation more. */
  public enum Grant {
    GRANTED,
    USER_QUOTA_REACHED,
    TOTAL_QUOTA_REACHED
  }

  public Quotas(int perUser, int total) {
    this.perUser = perUser;
    this.total = total;
  }

  public Grant acquire(String owner) {
    if (all.incrementAndGet() > total) {
      all.decrementAndGet();
      return Grant.TOTAL_QUOTA_REACHED;
    }
    // A refused user must not leave an entry behind, nor lose the one that counts its allocations.
    boolean[] granted = new boolean[1];
    byOwner.compute(
        owner,
        (_, count) -> {
          int held = count == null ? 0 : count;
          granted[0] = held < perUser;
          return granted[0] ? Integer.valueOf(held + 1) : count;
        });
    if (!granted[0]) {
      all.decrementAndGet();
      return Grant.USER_QUOTA_REACHED;
    }
    return Grant.GRANTED;
  }

  public void release(String owner) {
    byOwner.computeIfPresent(owner, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    all.decrementAndGet();
  }

  public int current() {
    return all.get();
  }

  public int owners() {
    return byOwner.size();
  }
}
