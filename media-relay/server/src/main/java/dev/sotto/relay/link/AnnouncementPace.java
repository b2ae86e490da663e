package dev.sotto.relay.link;

import java.util.Optional;

/**
 * When to announce: at once on a new connection, then when something has changed or someone asked,
 * but not too often, and now and then anyway. Times are nanoseconds of a monotonic clock.
 */
final class AnnouncementPace {
  private final long atMostEveryNanos;
  private final long atLeastEveryNanos;

  private boolean looked;
  private long lookedNanos;
  private Optional<Announcement> sent = Optional.empty();
  private long sentNanos;

  /** Set by whoever asks, on any thread. */
  private volatile boolean asked;

  AnnouncementPace(long atMostEveryNanos, long atLeastEveryNanos) {
    this.atMostEveryNanos = atMostEveryNanos;
    this.atLeastEveryNanos = Math.max(atMostEveryNanos, atLeastEveryNanos);
  }

  /** Someone wants to know although nothing has changed. */
  void ask() {
    asked = true;
  }

  /** How long nothing may be announced; 0 when it is time to look what there is. */
  long waitNanos(long nowNanos) {
    return looked ? Math.max(0, lookedNanos + atMostEveryNanos - nowNanos) : 0;
  }

  /** It was looked what there is, whatever came of it. */
  void look(long nowNanos) {
    looked = true;
    lookedNanos = nowNanos;
  }

  /** Whether it is to be sent now; if so it is taken as sent. */
  boolean isDue(Announcement announcement, long nowNanos) {
    boolean due =
        asked
            || sent.isEmpty()
            || nowNanos - sentNanos >= atLeastEveryNanos
            || !sent.get().equals(announcement);
    if (due) {
      asked = false;
      sent = Optional.of(announcement);
      sentNanos = nowNanos;
    }
    return due;
  }
}
