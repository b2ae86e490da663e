package dev.sotto.config.memory;

/**
 * Decides the soft limit of the heap, in bytes, from how busy its collector is. A low limit keeps a
 * quiet server small, but under load it makes a concurrent collector run without end and cost more
 * than the work itself: so the limit doubles while that is so, and comes back step by step in times
 * of calm. To be asked once a second.
 */
final class SoftHeapLimit {
  /** A tenth of the time in collections is a tenth of a core, or more: worth some memory. */
  private static final double BUSY_SHARE = 0.10;

  /** Between both shares the limit stays as it is. */
  private static final double CALM_SHARE = 0.02;

  /** So many calm seconds in a row take one step back. */
  private static final int CALM_SECONDS = 60;

  private final long restBytes;
  private final long maximumBytes;
  private long bytes;
  private int calmSeconds;

  /**
   * @param restBytes the limit to begin with and to come back to
   * @param maximumBytes never passed
   */
  SoftHeapLimit(long restBytes, long maximumBytes) {
    this.restBytes = restBytes;
    this.maximumBytes = maximumBytes;
    this.bytes = restBytes;
  }

  /**
   * The limit for the next second.
   *
   * @param collectingShare of the last second, in which a collection was under way; beyond 1 when
   *     several were
   */
  long next(double collectingShare) {
    calmSeconds = collectingShare < CALM_SHARE ? calmSeconds + 1 : 0;
    if (collectingShare > BUSY_SHARE) {
      bytes = Math.min(maximumBytes, 2 * bytes);
    } else if (calmSeconds == CALM_SECONDS) {
      calmSeconds = 0;
      bytes = Math.max(restBytes, bytes / 2);
    }
    return bytes;
  }
}
