package dev.sotto.media.bandwidth;

/**
 * Whether the sender uses clearly less than its target: then the path is not tested by the media
 * and silence of the detector proves nothing ("application-limited region"). A budget that fills at
 * a part of the target and is emptied by what is sent; the two levels keep it from flapping.
 */
final class ApplicationLimit {
  private static final double PART_OF_TARGET = 0.75;
  private static final double WINDOW_S = 0.5;
  private static final double ENTER = 0.8;
  private static final double LEAVE = 0.5;

  private double targetBps;
  private double budgetBits;
  private long updatedNanos;
  private boolean started;
  private boolean limited;

  void setTarget(double bps) {
    targetBps = bps;
  }

  void onSent(int bytes, long nowNanos) {
    advance(nowNanos);
    budgetBits -= bytes * 8.0;
    settle();
  }

  /** Lets time pass with nothing sent. */
  void advance(long nowNanos) {
    if (started) {
      budgetBits += PART_OF_TARGET * targetBps * (nowNanos - updatedNanos) / 1e9;
    }
    started = true;
    updatedNanos = nowNanos;
    settle();
  }

  private void settle() {
    double most = PART_OF_TARGET * targetBps * WINDOW_S;
    budgetBits = Math.clamp(budgetBits, -most, most);
    limited = budgetBits > (limited ? LEAVE : ENTER) * most;
  }

  boolean isLimited() {
    return limited;
  }
}
