package dev.sotto.turn.relay;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what users hold of one kind (allocations, permissions, connections), each and together,
 * over all event loops. What is refused is never counted, not even for a moment: a user at the
 * quota takes no room from others.
 */
public final class Quotas {
  private final int perUser;
  private final int total;
  private final ConcurrentMap<String, Integer> byOwner = new ConcurrentHashMap<>();
  private final AtomicInteger all = new AtomicInteger();

  /** What came of asking for more. */
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
    return acquire(owner, 1);
  }

  /** Asks for so many more, all of them or none; who asks for none is never refused. */
  public Grant acquire(String owner, int amount) {
    if (amount == 0) {
      return Grant.GRANTED;
    }
    // A refused user must not leave an entry behind, nor lose the one that counts what is held.
    Grant[] grant = new Grant[1];
    byOwner.compute(
        owner,
        (_, count) -> {
          int held = count == null ? 0 : count;
          grant[0] = amount > perUser - held ? Grant.USER_QUOTA_REACHED : acquireOfTotal(amount);
          return grant[0] == Grant.GRANTED ? Integer.valueOf(held + amount) : count;
        });
    return grant[0];
  }

  public void release(String owner) {
    release(owner, 1);
  }

  /** Gives back so many of what was granted. */
  public void release(String owner, int amount) {
    if (amount == 0) {
      return;
    }
    byOwner.computeIfPresent(
        owner, (_, count) -> count == amount ? null : Integer.valueOf(count - amount));
    all.addAndGet(-amount);
  }

  public int current() {
    return all.get();
  }

  public int owners() {
    return byOwner.size();
  }

  private Grant acquireOfTotal(int amount) {
    while (true) {
      int held = all.get();
      if (amount > total - held) {
        return Grant.TOTAL_QUOTA_REACHED;
      }
      if (all.compareAndSet(held, held + amount)) {
        return Grant.GRANTED;
      }
    }
  }
}
