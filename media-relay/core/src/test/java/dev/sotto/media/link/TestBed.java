package dev.sotto.media.link;

import dev.sotto.media.bandwidth.RateLimits;
import java.util.ArrayList;
import java.util.List;

/** A path with a bottleneck each way and the flows over it. */
final class TestBed {
  /** Start at 300 kbit/s, as RFC 8867 leaves it to the candidate; no limit that matters above. */
  private static final RateLimits LIMITS = new RateLimits(100_000, 300_000, 20_000_000);

  private static final double FPS = 30;
  private static final double MIN_VIDEO_BPS = 80_000;
  private static final double MAX_VIDEO_BPS = 5_000_000;
  private static final double FEEDBACK_SECONDS = 0.05;

  /** For the direction that no test looks at. */
  static final CapacityTrace WIDE = CapacityTrace.of(0, 20e6);

  private final VirtualTime time = new VirtualTime();
  private final long seed;
  private final CapacityTrace forwardTrace;
  private final CapacityTrace backwardTrace;
  private final Link forward;
  private final Link backward;
  private final List<MediaFlow> forwardFlows = new ArrayList<>();
  private final List<MediaFlow> backwardFlows = new ArrayList<>();
  private double feedbackSeconds = FEEDBACK_SECONDS;

  TestBed(
      CapacityTrace forwardTrace,
      CapacityTrace backwardTrace,
      Link.Properties properties,
      long seed) {
    this.seed = seed;
    this.forwardTrace = forwardTrace;
    this.backwardTrace = backwardTrace;
    forward = new Link(time, forwardTrace, properties, 1_000 * seed);
    backward = new Link(time, backwardTrace, properties.lossless(), 1_000 * seed + 1);
  }

  TestBed(CapacityTrace forwardTrace, Link.Properties properties, long seed) {
    this(forwardTrace, WIDE, properties, seed);
  }

  TestBed feedbackEvery(double seconds) {
    feedbackSeconds = seconds;
    return this;
  }

  MediaFlow flow(double startSeconds) {
    MediaFlow flow = new MediaFlow(time, forward, backward, settings(), LIMITS);
    forwardFlows.add(flow);
    flow.startAt(startSeconds);
    return flow;
  }

  MediaFlow backwardFlow(double startSeconds) {
    MediaFlow flow = new MediaFlow(time, backward, forward, settings(), LIMITS);
    backwardFlows.add(flow);
    flow.startAt(startSeconds);
    return flow;
  }

  private MediaFlow.Settings settings() {
    long flowSeed = 100 * seed + forwardFlows.size() + 10L * backwardFlows.size();
    return new MediaFlow.Settings(FPS, MIN_VIDEO_BPS, MAX_VIDEO_BPS, feedbackSeconds, flowSeed);
  }

  TestBed runUntil(double seconds) {
    time.runUntil(seconds);
    return this;
  }

  /** Part of the forward capacity that its flows filled. */
  double utilisation(double fromSeconds, double toSeconds) {
    return utilisation(forwardFlows, forwardTrace, fromSeconds, toSeconds);
  }

  double backwardUtilisation(double fromSeconds, double toSeconds) {
    return utilisation(backwardFlows, backwardTrace, fromSeconds, toSeconds);
  }

  private static double utilisation(
      List<MediaFlow> flows, CapacityTrace trace, double fromSeconds, double toSeconds) {
    double bits = 0;
    for (MediaFlow flow : flows) {
      bits += flow.statistics().rateBps(fromSeconds, toSeconds) * (toSeconds - fromSeconds);
    }
    return bits / trace.bits(fromSeconds, toSeconds);
  }

  /** The worst of the flows' 95th percentiles. */
  double queueDelayP95Millis(double fromSeconds, double toSeconds) {
    double worst = 0;
    for (MediaFlow flow : forwardFlows) {
      worst = Math.max(worst, flow.statistics().queueDelayMillis(0.95, fromSeconds, toSeconds));
    }
    return worst;
  }

  double backwardQueueDelayP95Millis(double fromSeconds, double toSeconds) {
    double worst = 0;
    for (MediaFlow flow : backwardFlows) {
      worst = Math.max(worst, flow.statistics().queueDelayMillis(0.95, fromSeconds, toSeconds));
    }
    return worst;
  }

  /** Seconds from a rise of capacity until a second's throughput is this part of the new one. */
  double secondsToFill(double part, double fromSeconds, double toSeconds) {
    double wanted = part * forwardTrace.bpsAt(fromSeconds);
    for (double end = fromSeconds + 1; end <= toSeconds; end += 0.1) {
      double bps = 0;
      for (MediaFlow flow : forwardFlows) {
        bps += flow.statistics().rateBps(end - 1, end);
      }
      if (bps >= wanted) {
        return end - fromSeconds;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /** Seconds from a fall of capacity until the queue stays short for a second. */
  double secondsToDrain(double millis, double fromSeconds, double toSeconds) {
    double worst = 0;
    for (MediaFlow flow : forwardFlows) {
      worst = Math.max(worst, flow.statistics().secondsUntilDelay(fromSeconds, toSeconds, millis));
    }
    return worst;
  }

  /** Mean rates over a span as parts of their mean. */
  static double[] shares(double fromSeconds, double toSeconds, MediaFlow... flows) {
    double[] shares = new double[flows.length];
    double sum = 0;
    for (int i = 0; i < flows.length; i++) {
      shares[i] = flows[i].statistics().rateBps(fromSeconds, toSeconds);
      sum += shares[i];
    }
    for (int i = 0; i < flows.length; i++) {
      shares[i] *= flows.length / sum;
    }
    return shares;
  }

  long queueDrops() {
    return forward.queueDrops();
  }
}
