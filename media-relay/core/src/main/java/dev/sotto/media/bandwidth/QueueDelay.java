package dev.sotto.media.bandwidth;

/**
 * How long packets wait in the path's queue now: the least one-way delay of the last tenths of a
 * second against the least of the last half minute. A least is untouched by jitter and by the
 * bursts of single frames. The slope of the delay tells that a queue grows; only this tells that
 * one stands.
 */
final class QueueDelay {
  private static final long RECENT_MICROS = 50_000;

  /** Clocks that drift by 50 millionths move the base by 1.5 ms in this time. */
  private static final long BASE_MICROS = 15_000_000;

  /** A difference that no queue explains: the arrival clock was set. */
  private static final long JUMP_MICROS = 3_000_000;

  private static final long UNKNOWN = Long.MAX_VALUE;

  private boolean started;
  private long latestDelay;
  private long recentStartMicros;
  private long recentLeast = UNKNOWN;
  private long previousRecentLeast = UNKNOWN;
  private long baseStartMicros;
  private long baseLeast = UNKNOWN;
  private long previousBaseLeast = UNKNOWN;

  void add(long sentMicros, long arrivalMicros) {
    long delay = arrivalMicros - sentMicros;
    if (!started || Math.abs(delay - latestDelay) > JUMP_MICROS) {
      start(sentMicros);
    }
    latestDelay = delay;
    if (sentMicros - recentStartMicros >= RECENT_MICROS) {
      previousRecentLeast = recentLeast;
      recentLeast = UNKNOWN;
      recentStartMicros = sentMicros;
    }
    if (sentMicros - baseStartMicros >= BASE_MICROS) {
      previousBaseLeast = baseLeast;
      baseLeast = UNKNOWN;
      baseStartMicros = sentMicros;
    }
    recentLeast = Math.min(recentLeast, delay);
    baseLeast = Math.min(baseLeast, delay);
  }

  private void start(long sentMicros) {
    started = true;
    recentStartMicros = sentMicros;
    baseStartMicros = sentMicros;
    recentLeast = UNKNOWN;
    previousRecentLeast = UNKNOWN;
    baseLeast = UNKNOWN;
    previousBaseLeast = UNKNOWN;
  }

  /** Seconds in the queue; 0 while unknown. */
  double seconds() {
    long recent = Math.min(recentLeast, previousRecentLeast);
    return recent == UNKNOWN ? 0 : (recent - Math.min(baseLeast, previousBaseLeast)) / 1e6;
  }
}
