package dev.sotto.media.pacing;

/** Probes that wait, and the one under way: how much of it has left and when more is due. */
final class ProbeQueue {
  private static final int MOST = 4;

  /** A probe that falls so far behind its own rate measures the sender, not the path. */
  private static final long LATE_NANOS = 20_000_000;

  private final int[] clusterId = new int[MOST];
  private final long[] rateBps = new long[MOST];
  private final int[] minBytes = new int[MOST];
  private final int[] minPackets = new int[MOST];
  private int head;
  private int waiting;
  private boolean underWay;
  private long startedNanos;
  private int sentBytes;
  private int sentPackets;
  private long abandoned;

  void add(int id, long bps, int bytes, int packets) {
    if (waiting == MOST) {
      abandoned++;
      return;
    }
    int at = (head + waiting) % MOST;
    clusterId[at] = id;
    rateBps[at] = bps;
    minBytes[at] = bytes;
    minPackets[at] = packets;
    waiting++;
  }

  boolean isEmpty() {
    return waiting == 0;
  }

  int clusterId() {
    return clusterId[head];
  }

  /** When the next packet of the probe is due; the past if it has not begun. */
  long dueNanos() {
    if (!underWay) {
      return Long.MIN_VALUE;
    }
    return startedNanos + (long) (sentBytes * 8e9 / rateBps[head]);
  }

  int wantedBytes() {
    return Math.max(minBytes[head] - (underWay ? sentBytes : 0), 1);
  }

  /** Gives up a probe that is behind; a caller asks before each packet. */
  boolean isLate(long nowNanos) {
    return underWay && nowNanos - dueNanos() > LATE_NANOS;
  }

  void abandon() {
    abandoned++;
    next();
  }

  void onSent(int bytes, long nowNanos) {
    if (!underWay) {
      underWay = true;
      startedNanos = nowNanos;
      sentBytes = 0;
      sentPackets = 0;
    }
    sentBytes += bytes;
    sentPackets++;
    if (sentBytes >= minBytes[head] && sentPackets >= minPackets[head]) {
      next();
    }
  }

  private void next() {
    underWay = false;
    head = (head + 1) % MOST;
    waiting--;
  }

  long abandoned() {
    return abandoned;
  }
}
