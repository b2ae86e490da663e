package dev.sotto.media.link;

import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;

/**
 * One direction of a path: a drop-tail queue in front of a capacity that changes, then propagation
 * delay and jitter without reordering (RFC 8868, section 4.4), then loss. What waits is known from
 * the trace, so a packet costs one event.
 */
final class Link {
  /**
   * What a link does to packets.
   *
   * @param queueSeconds a packet that would wait longer is dropped
   * @param delaySeconds propagation
   * @param jitterSigmaSeconds of a normal distribution cut at three sigma, its mean added
   * @param loss random loss, 0 to 1
   * @param burstStart chance for each packet that a loss burst begins
   * @param burstPackets mean length of such a burst
   */
  record Properties(
      double queueSeconds,
      double delaySeconds,
      double jitterSigmaSeconds,
      double loss,
      double burstStart,
      double burstPackets) {
    /** RFC 8867, section 5: 50 ms one way, a queue of 300 ms, jitter of at most 30 ms. */
    static final Properties RFC_8867 = new Properties(0.3, 0.05, 0.005, 0, 0, 1);

    Properties withLoss(double random) {
      return new Properties(
          queueSeconds, delaySeconds, jitterSigmaSeconds, random, burstStart, burstPackets);
    }

    Properties withBursts(double start, double packets) {
      return new Properties(queueSeconds, delaySeconds, jitterSigmaSeconds, loss, start, packets);
    }

    Properties lossless() {
      return new Properties(queueSeconds, delaySeconds, jitterSigmaSeconds, 0, 0, 1);
    }

    Properties withDelay(double seconds) {
      return new Properties(
          queueSeconds, seconds, jitterSigmaSeconds, loss, burstStart, burstPackets);
    }

    Properties withoutJitter() {
      return new Properties(queueSeconds, delaySeconds, 0, loss, burstStart, burstPackets);
    }
  }

  private static final double SIGMAS = 3;

  private final VirtualTime time;
  private final CapacityTrace capacity;
  private final Properties properties;
  private final SplittableRandom random;
  private double freeAtSeconds;
  private double lastArrivalSeconds;
  private boolean inBurst;
  private long queueDrops;

  Link(VirtualTime time, CapacityTrace capacity, Properties properties, long seed) {
    this.time = time;
    this.capacity = capacity;
    this.properties = properties;
    random = new SplittableRandom(seed);
  }

  /**
   * Sends a packet.
   *
   * @param arrived run when and if it arrives, given the seconds that it waited in the queue
   */
  void send(int bytes, DoubleConsumer arrived) {
    double now = time.seconds();
    double waited = Math.max(0, freeAtSeconds - now);
    if (waited > properties.queueSeconds) {
      queueDrops++;
      return;
    }
    freeAtSeconds = capacity.finish(Math.max(now, freeAtSeconds), bytes * 8.0);
    if (isLost()) {
      return;
    }
    double arrival = freeAtSeconds + properties.delaySeconds + jitterSeconds();
    lastArrivalSeconds = Math.max(arrival, lastArrivalSeconds);
    time.at((long) (lastArrivalSeconds * 1e9), () -> arrived.accept(waited));
  }

  private boolean isLost() {
    if (inBurst) {
      inBurst = random.nextDouble() >= 1 / properties.burstPackets;
    } else {
      inBurst = random.nextDouble() < properties.burstStart;
    }
    return inBurst || random.nextDouble() < properties.loss;
  }

  private double jitterSeconds() {
    double sigma = properties.jitterSigmaSeconds;
    if (sigma == 0) {
      return 0;
    }
    return SIGMAS * sigma + sigma * Math.clamp(random.nextGaussian(), -SIGMAS, SIGMAS);
  }

  long queueDrops() {
    return queueDrops;
  }
}
