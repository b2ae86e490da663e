package dev.sotto.media.link;

import java.util.Arrays;

/** What a flow got: bits in buckets of 100 ms, the queue delay of each packet, targets. */
final class FlowStatistics {
  private static final double BUCKET_SECONDS = 0.1;
  private static final int BUCKETS = 4_000;

  private final VirtualTime time;
  private final double[] bits = new double[BUCKETS];
  private final double[] target = new double[BUCKETS];
  private double[] delays = new double[1 << 12];
  private double[] delayTimes = new double[1 << 12];
  private int packets;

  FlowStatistics(VirtualTime time) {
    this.time = time;
  }

  void onArrival(int bytes, double waitedSeconds) {
    bits[bucket(time.seconds())] += bytes * 8.0;
    if (packets == delays.length) {
      delays = Arrays.copyOf(delays, 2 * packets);
      delayTimes = Arrays.copyOf(delayTimes, 2 * packets);
    }
    delays[packets] = waitedSeconds;
    delayTimes[packets] = time.seconds();
    packets++;
  }

  void onTarget(long bps) {
    target[bucket(time.seconds())] = bps;
  }

  private static int bucket(double seconds) {
    return (int) Math.round(Math.floor(seconds / BUCKET_SECONDS + 1e-6));
  }

  /** The mean rate received, in bits a second. */
  double rateBps(double fromSeconds, double toSeconds) {
    double sum = 0;
    for (int i = bucket(fromSeconds); i < bucket(toSeconds); i++) {
      sum += bits[i];
    }
    return sum / (toSeconds - fromSeconds);
  }

  /** The last target set at or before a time. */
  double targetBps(double seconds) {
    int at = bucket(seconds);
    while (at > 0 && target[at] == 0) {
      at--;
    }
    return target[at];
  }

  /** The delay in the queue that a part of the packets stayed below, in milliseconds. */
  double queueDelayMillis(double part, double fromSeconds, double toSeconds) {
    double[] within = new double[packets];
    int count = 0;
    for (int i = 0; i < packets; i++) {
      if (delayTimes[i] >= fromSeconds && delayTimes[i] < toSeconds) {
        within[count++] = delays[i];
      }
    }
    Arrays.sort(within, 0, count);
    return count == 0 ? 0 : within[Math.min(count - 1, (int) (part * count))] * 1e3;
  }

  /**
   * Seconds after a time until the delay of the queue stays below for a second; infinite if never.
   */
  double secondsUntilDelay(double fromSeconds, double toSeconds, double millis) {
    double last = fromSeconds;
    for (int i = 0; i < packets; i++) {
      double at = delayTimes[i];
      if (at < fromSeconds || at >= toSeconds) {
        continue;
      }
      if (delays[i] * 1e3 > millis) {
        last = at;
      } else if (at - last > 1) {
        return last - fromSeconds;
      }
    }
    return Double.POSITIVE_INFINITY;
  }
}
