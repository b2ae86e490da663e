package dev.sotto.turn.relay;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Grants an amount a second with a burst on top, by virtual scheduling: one number says until when
 * the past has used the rate up. Shared by event loops without a lock.
 */
public final class RateLimit {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final long perSecond;
  private final long burstNanos;
  private final AtomicLong usedUntilNanos;

  /**
   * @param perSecond 0 for no limit
   * @param burst how much may be taken at once after a pause
   */
  public RateLimit(long perSecond, long burst, long nowNanos) {
    this.perSecond = perSecond;
    this.burstNanos = perSecond == 0 ? 0 : nanosOf(burst);
    this.usedUntilNanos = new AtomicLong(nowNanos);
  }

  public boolean isUnlimited() {
    return perSecond == 0;
  }

  /** Takes all of the amount, or nothing. */
  public boolean tryTake(long amount, long nowNanos) {
    if (isUnlimited()) {
      return true;
    }
    long costNanos = nanosOf(amount);
    while (true) {
      long usedUntil = usedUntilNanos.get();
      long from = usedUntil - nowNanos > 0 ? usedUntil : nowNanos;
      if (from + costNanos - nowNanos > burstNanos) {
        return false;
      }
      if (usedUntilNanos.compareAndSet(usedUntil, from + costNanos)) {
        return true;
      }
    }
  }

  /** Gives back what was taken a moment ago and not used. */
  public void giveBack(long amount) {
    if (!isUnlimited()) {
      usedUntilNanos.addAndGet(-nanosOf(amount));
    }
  }

  /** Whether nothing of the past counts any more: a new one would grant as much. */
  public boolean isRested(long nowNanos) {
    return usedUntilNanos.get() - nowNanos <= 0;
  }

  private long nanosOf(long amount) {
    return (long) (amount * (NANOS_PER_SECOND / (double) perSecond));
  }
}
