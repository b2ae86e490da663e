package dev.sotto.media.pacing;

/**
 * Decides when the packets of one receiver leave. Audio goes at once; retransmissions, then video,
 * are paced at a multiple of the target, with a bounded burst; probes go at their own rate, filled
 * up from a {@link PaddingSource}. Packets due within one tick are handed out together, so that the
 * owner can send them as one message.
 *
 * <p>The queue is bounded in time: while it would not drain within the limit the pace rises, to
 * twice the usual at most, since a late packet is worth more than a hole; what has waited longer
 * even so is dropped, oldest first, since a faster pace would only move the queue into the network.
 * Owned by one event loop; nothing is allocated per packet.
 */
public final class Pacer {
  /** No packet. Handles are 0 or more. */
  public static final long NONE = -1;

  /** {@link #nextSendTimeNanos} of an empty pacer. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final int MOST_AUDIO = 256;
  private static final int MOST_RETRANSMISSIONS = 1024;

  /** 1.2 MB in packets of 1200 bytes: a second at 10 Mbit/s. */
  private static final int MOST_VIDEO = 1024;

  private static final double MOST_SPEED_UP = 2;

  /** What leaves ahead of the budget (audio, probes) holds video back no longer than this. */
  private static final double MOST_DEBT_S = 0.25;

  /** What is left of a debt by rounding must not cost a further round of the timer. */
  private static final double SLACK_BITS = 1;

  private final PacingSettings settings;
  private final PaddingSource padding;
  private final DropListener drops;
  private final PacketQueue audio = new PacketQueue(MOST_AUDIO);
  private final PacketQueue retransmissions = new PacketQueue(MOST_RETRANSMISSIONS);
  private final PacketQueue video = new PacketQueue(MOST_VIDEO);
  private final ProbeQueue probes = new ProbeQueue();

  private double targetBps;
  private double debtBits;
  private long debtNanos;
  private boolean gathering;
  private long gatherUntilNanos;
  private boolean paddingMissing;
  private PacketPriority polledPriority = PacketPriority.PADDING;
  private int polledSizeBytes;
  private int polledProbeClusterId;
  private long dropped;
  private long refused;

  /**
   * @param targetBps the first target, above 0
   * @param nowNanos the time, by the clock of all later calls; its origin does not matter
   */
  public Pacer(
      PacingSettings settings,
      long targetBps,
      PaddingSource padding,
      DropListener drops,
      long nowNanos) {
    this.settings = settings;
    this.targetBps = targetBps;
    this.padding = padding;
    this.drops = drops;
    debtNanos = nowNanos;
  }

  /** The rate that congestion control allows, in bits a second, above 0. */
  public void setTargetRate(long bps, long nowNanos) {
    payDebt(nowNanos);
    targetBps = bps;
  }

  /**
   * Queues a packet; one of priority padding goes with video.
   *
   * @param sizeBytes its size as the path sees it
   * @return false if the queue is full: the packet stays its owner's
   */
  public boolean enqueue(long handle, int sizeBytes, PacketPriority priority, long nowNanos) {
    PacketQueue queue =
        switch (priority) {
          case AUDIO -> audio;
          case RETRANSMISSION -> retransmissions;
          case VIDEO, PADDING -> video;
        };
    if (!queue.add(handle, sizeBytes, nowNanos)) {
      refused++;
      return false;
    }
    paddingMissing = false;
    if (!gathering) {
      gathering = true;
      gatherUntilNanos = nowNanos + settings.tickNanos();
    }
    return true;
  }

  /** Queues a probe (see {@code ProbeListener} of the bandwidth package, whose shape this has). */
  public void startProbe(int clusterId, long rateBps, int minBytes, int minPackets) {
    probes.add(clusterId, rateBps, minBytes, minPackets);
    paddingMissing = false;
  }

  /**
   * The next packet that leaves now; called until it returns {@link #NONE}. What it is tell {@link
   * #polledPriority}, {@link #polledSizeBytes} and {@link #polledProbeClusterId}.
   */
  public long poll(long nowNanos) {
    if (gathering && nowNanos < gatherUntilNanos) {
      return NONE;
    }
    payDebt(nowNanos);
    dropOverdue(nowNanos);
    polledProbeClusterId = 0;
    long handle = pollProbe(nowNanos);
    if (handle == NONE) {
      handle = pollMedia(nowNanos);
    }
    if (handle == NONE) {
      gathering = false;
    }
    return handle;
  }

  private long pollProbe(long nowNanos) {
    while (!probes.isEmpty() && probes.isLate(nowNanos)) {
      probes.abandon();
    }
    if (probes.isEmpty() || probes.dueNanos() > nowNanos + settings.tickNanos()) {
      return NONE;
    }
    int clusterId = probes.clusterId();
    PacketQueue queue = firstWaiting();
    long handle;
    if (queue.isEmpty()) {
      handle = padding.nextPadding(probes.wantedBytes(), nowNanos);
      if (handle == NONE) {
        paddingMissing = true;
        return NONE;
      }
      polledPriority = PacketPriority.PADDING;
      polledSizeBytes = padding.paddingSizeBytes();
      spend(polledSizeBytes);
    } else {
      handle = take(queue);
    }
    polledProbeClusterId = clusterId;
    probes.onSent(polledSizeBytes, nowNanos);
    return handle;
  }

  private long pollMedia(long nowNanos) {
    PacketQueue queue = firstWaiting();
    if (queue.isEmpty() || (queue != audio && debtBits > allowanceBits(nowNanos))) {
      return NONE;
    }
    return take(queue);
  }

  /** Debt up to which packets leave: the burst, and what would be due within the tick. */
  private double allowanceBits(long nowNanos) {
    return SLACK_BITS + pacedBps(nowNanos) * (settings.burstNanos() + settings.tickNanos()) / 1e9;
  }

  /** The queue of the packet that is next; an empty one if there is none. */
  private PacketQueue firstWaiting() {
    if (!audio.isEmpty()) {
      return audio;
    }
    return retransmissions.isEmpty() ? video : retransmissions;
  }

  private long take(PacketQueue queue) {
    polledPriority = priorityOf(queue);
    polledSizeBytes = queue.headSizeBytes();
    spend(polledSizeBytes);
    return queue.remove();
  }

  private PacketPriority priorityOf(PacketQueue queue) {
    if (queue == audio) {
      return PacketPriority.AUDIO;
    }
    return queue == video ? PacketPriority.VIDEO : PacketPriority.RETRANSMISSION;
  }

  private void spend(int bytes) {
    debtBits = Math.min(debtBits + bytes * 8.0, targetBps * settings.factor() * MOST_DEBT_S);
  }

  private void payDebt(long nowNanos) {
    if (nowNanos > debtNanos) {
      debtBits = Math.max(0, debtBits - pacedBps(nowNanos) * (nowNanos - debtNanos) / 1e9);
      debtNanos = nowNanos;
    }
  }

  /** The pace: a multiple of the target, and more while the queue would last too long. */
  private double pacedBps(long nowNanos) {
    double usual = targetBps * settings.factor();
    long leftNanos = settings.queueLimitNanos() - oldestNanos(nowNanos);
    double needed =
        (video.bytes() + retransmissions.bytes())
            * 8e9
            / Math.max(leftNanos, settings.queueLimitNanos() / 10);
    return Math.clamp(needed, usual, usual * MOST_SPEED_UP);
  }

  private long oldestNanos(long nowNanos) {
    long oldest = nowNanos;
    if (!video.isEmpty()) {
      oldest = Math.min(oldest, video.headQueuedNanos());
    }
    if (!retransmissions.isEmpty()) {
      oldest = Math.min(oldest, retransmissions.headQueuedNanos());
    }
    return nowNanos - oldest;
  }

  /** Hands out all that waits, in no order: the receiver has gone. */
  public void drain(DropListener owner) {
    drain(audio, owner);
    drain(retransmissions, owner);
    drain(video, owner);
  }

  private static void drain(PacketQueue queue, DropListener owner) {
    while (!queue.isEmpty()) {
      owner.onDropped(queue.remove());
    }
  }

  private void dropOverdue(long nowNanos) {
    dropOverdue(video, nowNanos);
    dropOverdue(retransmissions, nowNanos);
  }

  private void dropOverdue(PacketQueue queue, long nowNanos) {
    while (!queue.isEmpty() && nowNanos - queue.headQueuedNanos() > settings.queueLimitNanos()) {
      dropped++;
      drops.onDropped(queue.remove());
    }
  }

  /** What the packet handed out last is. */
  public PacketPriority polledPriority() {
    return polledPriority;
  }

  public int polledSizeBytes() {
    return polledSizeBytes;
  }

  /** The probe that the packet handed out last is part of, or 0. */
  public int polledProbeClusterId() {
    return polledProbeClusterId;
  }

  /**
   * When {@link #poll} has a packet next, if nothing is queued before: now or earlier if it has one
   * already, {@link #NEVER} if nothing waits.
   */
  public long nextSendTimeNanos() {
    long next = NEVER;
    PacketQueue queue = firstWaiting();
    if (!queue.isEmpty()) {
      next = queue == audio ? debtNanos : budgetNanos();
    }
    if (!probes.isEmpty() && !(queue.isEmpty() && paddingMissing)) {
      next = Math.min(next, Math.max(debtNanos, probes.dueNanos()));
    }
    return gathering && next != NEVER ? Math.max(next, gatherUntilNanos) : next;
  }

  private long budgetNanos() {
    double rate = pacedBps(debtNanos);
    double overBits = debtBits - rate * settings.burstNanos() / 1e9;
    return overBits <= SLACK_BITS ? debtNanos : debtNanos + (long) Math.ceil(overBits * 1e9 / rate);
  }

  /** Packets that wait. */
  public int queuedPackets() {
    return audio.packets() + retransmissions.packets() + video.packets();
  }

  /** Bytes that wait. */
  public long queuedBytes() {
    return audio.bytes() + retransmissions.bytes() + video.bytes();
  }

  /** How long the oldest video or retransmission has waited. */
  public long queueDelayNanos(long nowNanos) {
    return oldestNanos(nowNanos);
  }

  /** Packets dropped since they waited too long, so far. */
  public long droppedPackets() {
    return dropped;
  }

  /** Packets not taken since the queue was full, so far. */
  public long refusedPackets() {
    return refused;
  }

  /** Probes given up because they fell behind or were too many, so far. */
  public long abandonedProbes() {
    return probes.abandoned();
  }
}
