package dev.sotto.relay.link;

/**
 * Finds out that the server is gone although the connection stands: whoever is silent is pinged,
 * and whoever stays silent is dead. Any stanza is a sign of life. Times are nanoseconds of a
 * monotonic clock. {@link #heard} may be called by any thread, the rest by one.
 */
final class PeerWatch {
  /** What has to be done now. */
  enum Due {
    NOTHING,
    PING,
    DEAD
  }

  private final long silenceNanos;
  private final long answerNanos;

  private volatile long heardNanos;
  private boolean pinged;
  private long pingedNanos;

  /**
   * @param silenceNanos after which the server is pinged
   * @param answerNanos after which a pinged server is dead
   */
  PeerWatch(long silenceNanos, long answerNanos, long nowNanos) {
    this.silenceNanos = silenceNanos;
    this.answerNanos = answerNanos;
    this.heardNanos = nowNanos;
  }

  /** The server said something. */
  void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  /** What is due; a ping that is due is taken as sent. */
  Due due(long nowNanos) {
    long heard = heardNanos;
    if (pinged && heard - pingedNanos >= 0) {
      pinged = false;
    }
    if (pinged) {
      return nowNanos - pingedNanos >= answerNanos ? Due.DEAD : Due.NOTHING;
    }
    if (nowNanos - heard < silenceNanos) {
      return Due.NOTHING;
    }
    pinged = true;
    pingedNanos = nowNanos;
    return Due.PING;
  }

  /** How long nothing will be due. */
  long waitNanos(long nowNanos) {
    long dueNanos = pinged ? pingedNanos + answerNanos : heardNanos + silenceNanos;
    return Math.max(0, dueNanos - nowNanos);
  }
}
