package dev.sotto.relay.conference;

import dev.sotto.media.bandwidth.GoogleCongestionControl;
import dev.sotto.media.bandwidth.RateLimits;
import dev.sotto.media.pacing.Pacer;
import dev.sotto.media.pacing.PaddingSource;
import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtcp.TransportFeedbackSink;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.ReceiveSlots;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.transport.EndpointTransport;
import dev.sotto.relay.transport.PacketSink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * What one endpoint receives: its slots, the rate that its path carries, and the way there. Without
 * receive slots each source of the others has a stream of its own, under the source's SSRC.
 */
final class OutgoingMedia implements PaddingSource {
  private static final long REPORT_INTERVAL_NANOS = 1_000_000_000L;

  /** How often slots that wait for a key frame are looked at. */
  private static final long KEY_FRAME_CHECK_NANOS = 100_000_000L;

  /** Rates and speakers change all the time; pictures need not. */
  private static final long ALLOCATION_INTERVAL_NANOS = 500_000_000L;

  /** A target that has moved by less is not worth a new allocation before its time. */
  private static final double NOTABLE_CHANGE = 0.1;

  private static final int REPORT_BYTES = 200;
  private static final int MOST_PADDING = 255;
  private static final int PROBE_HISTORY = 16;

  private final Endpoint owner;
  private final ConferenceContext context;
  private final RandomGenerator random;
  private final SsrcMap<SlotStream> bySsrc = new SsrcMap<>();
  private final EndedStreams ended = new EndedStreams();
  private final List<SlotStream> audio = new ArrayList<>();
  private final List<SlotStream> video = new ArrayList<>();
  private final RtcpWriter writer = new RtcpWriter();

  /** Both null until media can be sent: who only waits for others costs little. */
  private GoogleCongestionControl congestion;

  private SendQueue queue;
  private final VideoAllocation allocation;
  private boolean bySource = true;
  private boolean active;
  private long roundTripNanos;
  private long reportDueNanos;
  private long keyFrameCheckNanos;
  private long allocationDueNanos;
  private double allocatedForBps;
  private int probeBack;
  private int paddingBytes;

  OutgoingMedia(Endpoint owner, ConferenceContext context, long nowNanos) {
    this.owner = owner;
    this.context = context;
    this.random = context.random();
    allocation = new VideoAllocation(owner, this);
    reportDueNanos = nowNanos + REPORT_INTERVAL_NANOS;
  }

  private void openPath(long nowNanos) {
    RateLimits limits = limits(owner.payloadTypes(), context.settings().rates());
    PacerHolder pacing = new PacerHolder();
    congestion = new GoogleCongestionControl(limits, pacing::startProbe, nowNanos);
    Pacer pacer =
        new Pacer(
            context.settings().pacing(), limits.startBps(), this, pacing::onDropped, nowNanos);
    queue = new SendQueue(owner, pacer, congestion, context);
    pacing.queue = queue;
  }

  /** Lets the pacer and what it hands its drops and probes to know each other. */
  private static final class PacerHolder {
    private SendQueue queue;

    void startProbe(int cluster, long rateBps, int minBytes, int minPackets) {
      queue.pacer().startProbe(cluster, rateBps, minBytes, minPackets);
      queue.onProbeStarted();
    }

    void onDropped(long entry) {
      queue.onDropped(entry);
    }
  }

  /** Who says nothing of its path gets what there is: there would be no way to learn better. */
  private static RateLimits limits(PayloadTypes types, RateLimits configured) {
    return types.hasTransportFeedback() || types.hasReceiverEstimate()
        ? configured
        : new RateLimits(configured.minBps(), configured.maxBps(), configured.maxBps());
  }

  Counters counters() {
    return context.counters();
  }

  SendQueue queue() {
    return queue;
  }

  int number() {
    return owner.number();
  }

  List<SlotStream> audio() {
    return audio;
  }

  List<SlotStream> video() {
    return video;
  }

  /** Whether sources keep their own SSRCs. */
  boolean isBySource() {
    return bySource;
  }

  /** Whether media can be sent. */
  boolean isActive() {
    return active;
  }

  SlotStream slotOrNull(int ssrc) {
    return bySsrc.find(ssrc, null);
  }

  long roundTripNanos() {
    return roundTripNanos;
  }

  long targetRateBps() {
    return congestion == null ? 0 : congestion.targetRateBps();
  }

  int queuedPackets() {
    return queue == null ? 0 : queue.pacer().queuedPackets();
  }

  /** Makes the slots that were asked for, keeping those that are there. */
  void setSlots(ReceiveSlots slots) {
    bySource = slots.isEmpty();
    keepOnly(audio, slots.audio());
    keepOnly(video, slots.video());
    slots.audio().forEach(slot -> addSlot(MediaKind.AUDIO, slot));
    slots.video().forEach(slot -> addSlot(MediaKind.VIDEO, slot));
    sort(audio, slots.audio());
    sort(video, slots.video());
  }

  /** Slots are told of in the order in which they were given last. */
  private static void sort(List<SlotStream> streams, List<ReceiveSlots.Slot> order) {
    List<Integer> ssrcs = order.stream().map(slot -> (int) slot.ssrc()).toList();
    streams.sort(Comparator.comparingInt(stream -> ssrcs.indexOf(stream.ssrc())));
  }

  private void keepOnly(List<SlotStream> streams, List<ReceiveSlots.Slot> wanted) {
    for (SlotStream stream : List.copyOf(streams)) {
      boolean kept =
          wanted.stream()
              .anyMatch(
                  slot -> (int) slot.ssrc() == stream.ssrc() && rtx(slot).equals(stream.rtxSsrc()));
      if (!kept) {
        remove(stream);
      }
    }
  }

  private void addSlot(MediaKind kind, ReceiveSlots.Slot slot) {
    if (bySsrc.find((int) slot.ssrc(), null) == null) {
      var _ = add(kind, (int) slot.ssrc(), rtx(slot));
    }
  }

  private static OptionalInt rtx(ReceiveSlots.Slot slot) {
    return slot.rtxSsrc().isPresent()
        ? OptionalInt.of((int) slot.rtxSsrc().getAsLong())
        : OptionalInt.empty();
  }

  SlotStream add(MediaKind kind, int ssrc, OptionalInt rtxSsrc) {
    SlotStream stream =
        new SlotStream(this, kind, ssrc, rtxSsrc, ended.numbersFor(ssrc, random), random);
    (kind == MediaKind.AUDIO ? audio : video).add(stream);
    bySsrc.put(ssrc, stream);
    return stream;
  }

  /** Gives a source a stream of its own, if it has none: for receivers without slots. */
  void offer(MediaSource source, int ssrc, OptionalInt rtxSsrc) {
    for (SlotStream stream : source.kind() == MediaKind.AUDIO ? audio : video) {
      if (stream.isOccupiedBy(source)) {
        return;
      }
    }
    // Two who send under one learnt SSRC must not share a stream: their numbers would collide.
    int own = ssrc;
    while (bySsrc.find(own, null) != null) {
      own = random.nextInt();
    }
    add(source.kind(), own, own == ssrc ? rtxSsrc : OptionalInt.empty()).occupy(source);
  }

  /** Takes away what a source is in, since it has gone: its own stream; slots are vacated. */
  void forget(MediaSource source) {
    for (SlotStream stream : List.copyOf(source.kind() == MediaKind.AUDIO ? audio : video)) {
      if (stream.isOccupiedBy(source)) {
        if (bySource) {
          remove(stream);
        } else {
          stream.vacate();
        }
      }
    }
  }

  void remove(SlotStream stream) {
    stream.vacate();
    audio.remove(stream);
    video.remove(stream);
    bySsrc.remove(stream.ssrc());
    ended.remember(stream);
  }

  /** Media can be sent now, or again. */
  void onWritable(long nowNanos) {
    if (queue == null) {
      openPath(nowNanos);
    }
    active = true;
    owner.conference().onWritable(owner);
    allocateSoon(nowNanos);
  }

  void allocateSoon(long nowNanos) {
    allocationDueNanos = nowNanos;
    owner.wakeBy(nowNanos);
  }

  /** Whether there is or was a path to learn of. */
  boolean hasPath() {
    return congestion != null;
  }

  TransportFeedbackSink feedbackSink() {
    return (number, received, micros) -> congestion.onPacketFeedback(number, received, micros);
  }

  void beginFeedback(long nowNanos) {
    congestion.beginFeedback(nowNanos);
  }

  void endFeedback(long nowNanos) {
    congestion.endFeedback();
    onTarget(nowNanos);
  }

  void onReceiverEstimate(long bitrateBps, long nowNanos) {
    if (congestion != null) {
      congestion.onRemb(bitrateBps, nowNanos);
      onTarget(nowNanos);
    }
  }

  void onRoundTrip(long measuredNanos) {
    if (measuredNanos > 0) {
      roundTripNanos =
          roundTripNanos == 0 ? measuredNanos : (7 * roundTripNanos + measuredNanos) / 8;
      if (congestion != null) {
        congestion.onRtt(measuredNanos);
      }
    }
  }

  private void onTarget(long nowNanos) {
    long target = congestion.targetRateBps();
    queue.pacer().setTargetRate(target, nowNanos);
    if (Math.abs(target - allocatedForBps) > NOTABLE_CHANGE * allocatedForBps) {
      allocateSoon(nowNanos);
    }
  }

  /** Does what is due; returns when there will be more. */
  long run(long nowNanos) {
    EndpointTransport transport = owner.transport();
    if (!active) {
      return Long.MAX_VALUE;
    }
    if (!transport.isWritable(nowNanos)) {
      active = false;
      video.forEach(SlotStream::pause);
      audio.forEach(SlotStream::pause);
      return Long.MAX_VALUE;
    }
    congestion.onTimer(nowNanos);
    onTarget(nowNanos);
    if (nowNanos - allocationDueNanos >= 0) {
      allocationDueNanos = nowNanos + ALLOCATION_INTERVAL_NANOS;
      allocatedForBps = congestion.targetRateBps();
      congestion.setDesiredRate(allocation.run(nowNanos));
    }
    if (nowNanos - keyFrameCheckNanos >= 0) {
      keyFrameCheckNanos = nowNanos + KEY_FRAME_CHECK_NANOS;
      for (int i = 0; i < video.size(); i++) {
        video.get(i).askForKeyFrame(nowNanos);
      }
    }
    if (nowNanos - reportDueNanos >= 0) {
      reportDueNanos = nowNanos + REPORT_INTERVAL_NANOS;
      audio.forEach(slot -> report(slot, nowNanos));
      video.forEach(slot -> report(slot, nowNanos));
    }
    long next = Math.min(allocationDueNanos, Math.min(keyFrameCheckNanos, reportDueNanos));
    return Math.min(next, Math.max(congestion.nextTimerNanos(), nowNanos + 1_000_000L));
  }

  private void report(SlotStream slot, long nowNanos) {
    EndpointTransport transport = owner.transport();
    long place = transport.reserve(REPORT_BYTES);
    if (place == PacketSink.NO_ROOM) {
      return;
    }
    writer.begin(transport.sendSegment(), place, REPORT_BYTES);
    if (slot.writeReport(writer, nowNanos)) {
      // Sound and picture of one person belong together; those of two have clocks of their own.
      Endpoint sender = slot.occupant().orElseThrow().owner();
      var _ = writer.sourceDescription(slot.ssrc(), sender.name(), 0, sender.nameLength());
      var _ = transport.sendRtcp(writer.length());
    }
  }

  @Override
  public long nextPadding(int wantedBytes, long nowNanos) {
    int entry = PacketPool.NONE;
    SlotStream padded = null;
    for (int i = 0; i < video.size() && entry == PacketPool.NONE; i++) {
      SlotStream slot = video.get(i);
      if (slot.rtxSsrc().isPresent()) {
        padded = slot;
        if (slot.isTargeted()) {
          probeBack = (probeBack + 1) % PROBE_HISTORY;
          entry = slot.makeProbe(probeBack, nowNanos);
        }
      }
    }
    if (entry == PacketPool.NONE && padded != null) {
      // Also where nothing goes out: what does not fit would else never be seen to fit again.
      entry = padding(padded, wantedBytes);
    }
    if (entry == PacketPool.NONE) {
      return Pacer.NONE;
    }
    paddingBytes = queue.sizeBytes(entry);
    return entry;
  }

  private int padding(SlotStream slot, int wantedBytes) {
    int payloadType = owner.payloadTypes().anyRetransmission();
    return payloadType == PayloadTypes.NONE
        ? PacketPool.NONE
        : queue.makeProbePadding(slot, payloadType, Math.clamp(wantedBytes, 1, MOST_PADDING));
  }

  @Override
  public int paddingSizeBytes() {
    return paddingBytes;
  }

  void close() {
    List.copyOf(audio).forEach(this::remove);
    List.copyOf(video).forEach(this::remove);
    if (queue != null) {
      queue.close();
    }
  }
}
