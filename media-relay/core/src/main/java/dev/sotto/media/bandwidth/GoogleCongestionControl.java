package dev.sotto.media.bandwidth;

/**
 * Send-side congestion control towards one receiver: what may be sent, from when packets left and
 * when they arrived (draft-ietf-rmcat-gcc-02 with the trendline filter, probing and the loss bound
 * that implementations have since). The target covers everything that is sent: audio, video,
 * retransmissions and padding. Owned by one event loop; allocates nothing after construction.
 *
 * <p>Feedback comes as {@code beginFeedback}, {@code onPacketFeedback} in order of sequence
 * numbers, {@code endFeedback}. Without any transport feedback the target is the start rate, or
 * what REMB says.
 */
public final class GoogleCongestionControl {
  /** Remembered packets: 2 s at 1,000 packets a second, 31 kB. */
  public static final int HISTORY_PACKETS = 2048;

  /** A REMB is repeated every second or so; one that is not stops to bound. */
  private static final long REMB_LIFE_NANOS = 10_000_000_000L;

  /** Feedback comes at least four times a second: without any for so long, the path is stuck. */
  private static final long SILENCE_NANOS = 1_000_000_000L;

  private static final long SILENCE_STEP_NANOS = 500_000_000L;
  private static final double SILENCE_FACTOR = 0.7;

  /**
   * After overuse the target stays below the rate until the queue is short, by the more the longer
   * it is: draining with the reduced rate alone would take seconds. Only for so long: a queue that
   * stays is another flow's.
   */
  private static final long DRAIN_NANOS = 3_000_000_000L;

  /** With such a queue a path is never idle: what arrives is what it carries, frame or no frame. */
  private static final double FULL_S = 0.05;

  private static final double DRAINED_S = 0.03;

  /** A queue of so much more would stop media; the factor is where that ends. */
  private static final double DRAIN_SCALE_S = 0.4;

  private static final double DRAIN_FACTOR = 0.6;

  private final RateLimits limits;
  private final SentPackets sent = new SentPackets(HISTORY_PACKETS);
  private final PacketGroups groups = new PacketGroups();
  private final TrendlineEstimator trend = new TrendlineEstimator();
  private final OveruseDetector detector = new OveruseDetector();
  private final QueueDelay queue = new QueueDelay();
  private final CongestionSignal signal = new CongestionSignal();
  private final AcknowledgedRate acknowledged = new AcknowledgedRate();
  private final ApplicationLimit limit = new ApplicationLimit();
  private final AimdRateControl aimd;
  private final LossBound loss = new LossBound();
  private final ProbeEstimator probeEstimator = new ProbeEstimator();
  private final ProbeController probes;

  private boolean rttReported;
  private boolean feedbackSeen;
  private boolean silent;
  private boolean wasCongested;
  private boolean wasLimited;
  private long feedbackNanos;
  private long silenceDeadlineNanos = ProbeController.NEVER;
  private long newestSentNanos;
  private boolean newsInFeedback;
  private long drainUntilNanos = Long.MIN_VALUE;
  private double rembBps;
  private long rembNanos;
  private double targetBps;

  /**
   * @param nowNanos the time, by the clock of all later calls; its origin does not matter
   */
  public GoogleCongestionControl(RateLimits limits, ProbeListener probeListener, long nowNanos) {
    this.limits = limits;
    newestSentNanos = nowNanos;
    aimd = new AimdRateControl(limits, nowNanos);
    probes = new ProbeController(limits, probeEstimator, probeListener);
    setTarget((double) limits.startBps());
  }

  /**
   * A packet left.
   *
   * @param transportSeq its transport-wide sequence number, 0 to 65535
   * @param sizeBytes its size as the path sees it, best with IP and UDP headers
   * @param probeClusterId of the probe that it is part of, or 0
   */
  public void onPacketSent(int transportSeq, int sizeBytes, long nowNanos, int probeClusterId) {
    sent.add(transportSeq, sizeBytes, nowNanos, probeClusterId);
    limit.onSent(sizeBytes, nowNanos);
    if (silenceDeadlineNanos == ProbeController.NEVER && feedbackSeen) {
      silenceDeadlineNanos = nowNanos + (silent ? SILENCE_STEP_NANOS : SILENCE_NANOS);
    }
    if (!probes.isStarted()) {
      probes.start(targetBps, nowNanos);
    }
  }

  public void beginFeedback(long nowNanos) {
    feedbackNanos = nowNanos;
    newsInFeedback = false;
  }

  /**
   * What the receiver says of one packet. Numbers that were not sent, or too long ago, are ignored.
   *
   * @param arrivalMicros when it arrived, by the receiver's clock; counts only if received
   */
  public void onPacketFeedback(int transportSeq, boolean received, long arrivalMicros) {
    int slot = sent.find(transportSeq);
    if (slot == SentPackets.NONE) {
      return;
    }
    if (!received) {
      if (sent.isUnderWay(slot)) {
        sent.markLost(slot);
        loss.onPacket(sent.sentNanos(slot), sent.sizeBytes(slot), true);
        newsInFeedback = true;
      }
      return;
    }
    if (sent.isLost(slot)) {
      loss.onLateArrival();
    } else if (sent.isUnderWay(slot)) {
      loss.onPacket(sent.sentNanos(slot), sent.sizeBytes(slot), false);
    } else {
      return; // told before
    }
    sent.markReceived(slot);
    newsInFeedback = true;
    onArrival(slot, arrivalMicros);
  }

  private void onArrival(int slot, long arrivalMicros) {
    long sentNanos = sent.sentNanos(slot);
    newestSentNanos = Math.max(newestSentNanos, sentNanos);
    acknowledged.add(arrivalMicros, sent.sizeBytes(slot));
    if (sent.probeCluster(slot) != 0) {
      probeEstimator.add(sent.probeCluster(slot), sentNanos, arrivalMicros, sent.sizeBytes(slot));
    }
    queue.add(sentNanos / 1_000, arrivalMicros);
    if (groups.add(sentNanos / 1_000, arrivalMicros)) {
      trend.add(
          groups.sentDeltaMicros(), groups.arrivalDeltaMicros(), groups.completedArrivalMicros());
      detector.detect(trend, groups.sentDeltaMicros(), groups.completedArrivalMicros());
    }
  }

  public void endFeedback() {
    if (!newsInFeedback) {
      return;
    }
    feedbackSeen = true;
    silent = false;
    silenceDeadlineNanos = ProbeController.NEVER;
    if (!rttReported) {
      aimd.onRtt(feedbackNanos - newestSentNanos);
    }
    limit.advance(feedbackNanos);
    if (wasLimited && !limit.isLimited()) {
      acknowledged.expectChange();
    }
    wasLimited = limit.isLimited();
    if (queue.seconds() > FULL_S) {
      acknowledged.expectChange();
    }
    double probed = probeEstimator.take();
    signal.update(detector.usage(), queue.seconds(), feedbackNanos);
    if (signal.isCongested()) {
      onCongestion();
    } else {
      if (wasCongested) {
        wasCongested = false;
        probes.onRecovered(targetBps, feedbackNanos);
      }
      if (probed > 0) {
        aimd.onProbe(probed, feedbackNanos);
        loss.onProbe(probed);
        probes.onResult(probed, feedbackNanos);
      } else {
        aimd.update(
            detector.usage(), queue.seconds(), acknowledged, limit.isLimited(), feedbackNanos);
      }
    }
    loss.update(newestSentNanos, aimd.rateBps(), acknowledged);
    settle(feedbackNanos);
  }

  private void onCongestion() {
    wasCongested = true;
    double before = aimd.rateBps();
    if (aimd.decrease(acknowledged, queue.seconds() > FULL_S, feedbackNanos)) {
      signal.onDecrease(feedbackNanos);
      drainUntilNanos = feedbackNanos + DRAIN_NANOS;
      probes.onDecrease(before, aimd.rateBps(), limit.isLimited(), feedbackNanos);
    }
  }

  /** A measured round-trip time, as of RTCP reports. */
  public void onRtt(long rttNanos) {
    rttReported = true;
    aimd.onRtt(rttNanos);
  }

  /** A receiver's own estimate (draft-alvestrand-rmcat-remb): a bound for the next ten seconds. */
  public void onRemb(long bitrateBps, long nowNanos) {
    rembBps = (double) Math.max(1, bitrateBps);
    rembNanos = nowNanos;
    settle(nowNanos);
  }

  /** What the receiver would be sent if the path allowed: probes go no further than this. */
  public void setDesiredRate(long bps) {
    probes.setDesired((double) bps);
  }

  /** To be called when {@link #nextTimerNanos} has come; earlier calls do no harm. */
  public void onTimer(long nowNanos) {
    limit.advance(nowNanos);
    if (nowNanos >= silenceDeadlineNanos) {
      // Armed again by the next packet: who sends nothing hears nothing.
      silent = true;
      silenceDeadlineNanos = ProbeController.NEVER;
      aimd.onSilence(SILENCE_FACTOR, nowNanos);
    } else if (mayProbe()) {
      probes.onTimer(targetBps, nowNanos);
    }
    settle(nowNanos);
  }

  /**
   * When {@link #onTimer} is due, the past for at once, {@code Long.MAX_VALUE} for never. To be
   * asked again after every batch of calls.
   */
  public long nextTimerNanos() {
    long probe = mayProbe() ? probes.nextNanos(targetBps) : ProbeController.NEVER;
    return Math.min(silenceDeadlineNanos, probe);
  }

  /**
   * What the media itself tests needs no probe, which would take from flows that share the path.
   */
  private boolean mayProbe() {
    return limit.isLimited() && !wasCongested;
  }

  private void settle(long nowNanos) {
    double rate = Math.min(aimd.rateBps(), loss.bps());
    if (nowNanos < drainUntilNanos) {
      double over = (queue.seconds() - DRAINED_S) / DRAIN_SCALE_S;
      rate *= Math.clamp(1 - over, DRAIN_FACTOR, 1);
    }
    if (rembBps > 0) {
      if (!feedbackSeen) {
        rate = rembBps;
      } else if (nowNanos - rembNanos < REMB_LIFE_NANOS) {
        rate = Math.min(rate, rembBps);
      }
    }
    setTarget(rate);
  }

  private void setTarget(double bps) {
    targetBps = Math.clamp(bps, (double) limits.minBps(), (double) limits.maxBps());
    limit.setTarget(targetBps);
  }

  /** What may be sent, all together, in bits a second. */
  public long targetRateBps() {
    return (long) targetBps;
  }

  /** What the receiver was seen to get, in bits a second; 0 while unknown. */
  public long acknowledgedRateBps() {
    return (long) acknowledged.bps();
  }

  /** Whether clearly less than the target is sent, so that only probes can raise it. */
  public boolean isApplicationLimited() {
    return limit.isLimited();
  }
}
