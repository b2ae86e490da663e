package dev.sotto.media.bandwidth;

/**
 * Turns a probe cluster into a rate: how fast it left against how fast it arrived. The lesser of
 * both is what the path is known to carry; a cluster that arrived clearly slower than it left
 * filled the path, and a little less than that is what fits.
 */
final class ProbeEstimator {
  /** Clusters in sight at a time; a newer one takes the place of the eighth before. */
  private static final int CLUSTERS = 8;

  private static final double NEEDED_PART = 0.8;

  /** Arriving much faster than sent is a queue that was let go, not a rate. */
  private static final double MOST_SPEED_UP = 2;

  private static final double FILLED_PART = 0.9;
  private static final double PART_OF_FILLED = 0.95;
  private static final long LONGEST_NANOS = 1_000_000_000;
  private static final long SHORTEST_NANOS = 1_000_000;

  private final int[] id = new int[CLUSTERS];
  private final int[] neededBytes = new int[CLUSTERS];
  private final int[] neededPackets = new int[CLUSTERS];
  private final int[] bytes = new int[CLUSTERS];
  private final int[] packets = new int[CLUSTERS];
  private final long[] firstSentNanos = new long[CLUSTERS];
  private final long[] lastSentNanos = new long[CLUSTERS];
  private final int[] lastSentBytes = new int[CLUSTERS];
  private final long[] firstArrivalMicros = new long[CLUSTERS];
  private final int[] firstArrivalBytes = new int[CLUSTERS];
  private final long[] lastArrivalMicros = new long[CLUSTERS];
  private final boolean[] heard = new boolean[CLUSTERS];

  void expect(int clusterId, int minBytes, int minPackets) {
    int at = clusterId % CLUSTERS;
    id[at] = clusterId;
    neededBytes[at] = (int) (minBytes * NEEDED_PART);
    neededPackets[at] = (int) (minPackets * NEEDED_PART);
    bytes[at] = 0;
    packets[at] = 0;
    heard[at] = false;
  }

  void add(int clusterId, long sentNanos, long arrivalMicros, int size) {
    int at = clusterId % CLUSTERS;
    if (id[at] != clusterId) {
      return;
    }
    if (packets[at] == 0 || sentNanos < firstSentNanos[at]) {
      firstSentNanos[at] = sentNanos;
    }
    if (packets[at] == 0 || sentNanos >= lastSentNanos[at]) {
      lastSentNanos[at] = sentNanos;
      lastSentBytes[at] = size;
    }
    if (packets[at] == 0 || arrivalMicros < firstArrivalMicros[at]) {
      firstArrivalMicros[at] = arrivalMicros;
      firstArrivalBytes[at] = size;
    }
    if (packets[at] == 0 || arrivalMicros > lastArrivalMicros[at]) {
      lastArrivalMicros[at] = arrivalMicros;
    }
    bytes[at] += size;
    packets[at]++;
    heard[at] = true;
  }

  /**
   * The highest rate in bits a second that clusters heard of since the last call have shown; 0 if
   * none has enough packets or their times make no sense.
   */
  double take() {
    double highest = 0;
    for (int at = 0; at < CLUSTERS; at++) {
      if (heard[at]) {
        heard[at] = false;
        highest = Math.max(highest, rateBps(at));
      }
    }
    return highest;
  }

  private double rateBps(int at) {
    if (packets[at] < Math.max(2, neededPackets[at]) || bytes[at] < neededBytes[at]) {
      return 0;
    }
    long sendNanos = lastSentNanos[at] - firstSentNanos[at];
    long arrivalNanos = (lastArrivalMicros[at] - firstArrivalMicros[at]) * 1_000;
    if (sendNanos < SHORTEST_NANOS
        || sendNanos > LONGEST_NANOS
        || arrivalNanos < SHORTEST_NANOS
        || arrivalNanos > LONGEST_NANOS) {
      return 0;
    }
    // The time between n packets is filled by n − 1 of them.
    double sentBps = (bytes[at] - lastSentBytes[at]) * 8e9 / sendNanos;
    double arrivedBps = (bytes[at] - firstArrivalBytes[at]) * 8e9 / arrivalNanos;
    if (arrivedBps > MOST_SPEED_UP * sentBps) {
      return 0;
    }
    return arrivedBps < FILLED_PART * sentBps
        ? PART_OF_FILLED * arrivedBps
        : Math.min(sentBps, arrivedBps);
  }
}
