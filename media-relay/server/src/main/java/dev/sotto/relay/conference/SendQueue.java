package dev.sotto.relay.conference;

import dev.sotto.media.bandwidth.GoogleCongestionControl;
import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.DependencyDescriptorWriter;
import dev.sotto.media.pacing.Pacer;
import dev.sotto.media.pacing.PacketPriority;
import dev.sotto.media.rtp.ExtensionMap;
import dev.sotto.media.rtp.ExtensionType;
import dev.sotto.media.rtp.HeaderExtensions;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.rtp.RtpRewriter;
import dev.sotto.media.selection.Rewrite;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The way of packets to one receiver: a header is made when a packet is chosen, it waits in the
 * pacer, and when its turn comes it goes to {@link Departures}. Allocates nothing per packet.
 */
final class SendQueue {
  /** A descriptor with the structure of three spatial and three temporal layers has about 100. */
  private static final int DESCRIPTOR_BYTES = 256;

  private static final int TAG_BYTES = 16;

  private final Endpoint owner;
  private final PacketPool pool;
  private final Counters counters;
  private final Pacer pacer;
  private final Departures departures;
  private final WheelTimer timer;
  private final TimerWheel timers;
  private final RtpRewriter rewriter = new RtpRewriter();
  private final DependencyDescriptorWriter descriptors = new DependencyDescriptorWriter();
  private final MemorySegment scratch = Arena.ofAuto().allocate(DESCRIPTOR_BYTES);

  /** For what is read from a ring again. */
  private final StoredPacket stored = new StoredPacket();

  SendQueue(
      Endpoint owner, Pacer pacer, GoogleCongestionControl congestion, ConferenceContext context) {
    this.owner = owner;
    this.pacer = pacer;
    this.pool = context.packets();
    this.counters = context.counters();
    this.timers = context.timers();
    departures = new Departures(owner, congestion, context);
    timer =
        new WheelTimer() {
          @Override
          protected void onDue(long nowNanos) {
            pump(nowNanos);
          }
        };
  }

  Pacer pacer() {
    return pacer;
  }

  /** A packet of a source goes out as the rewrite says. */
  void forward(
      SlotStream slot,
      IncomingStream stream,
      RtpPacket packet,
      HeaderExtensions extensions,
      DependencyDescriptor descriptor,
      Rewrite rewrite,
      int codec,
      long nowNanos) {
    int payloadType = owner.payloadTypes().ofCodec(codec);
    if (payloadType == PayloadTypes.NONE) {
      counters.drop(DropReason.NO_COMMON_CODEC);
      return;
    }
    int entry = acquire(slot);
    if (entry == PacketPool.NONE) {
      return;
    }
    rewriter
        .begin(packet, extensions, owner.extensionMap())
        .ssrc(slot.ssrc())
        .payloadType(payloadType)
        .sequenceNumber(rewrite.sequenceNumber());
    rewrite(descriptor, rewrite);
    if (!finish(entry, stream, packet)) {
      pool.release(entry);
      return;
    }
    pool.originalSequence[entry] = PacketPool.NONE;
    boolean audio = slot.kind() == MediaKind.AUDIO;
    enqueue(entry, audio ? PacketPriority.AUDIO : PacketPriority.VIDEO, nowNanos);
  }

  private void rewrite(DependencyDescriptor descriptor, Rewrite rewrite) {
    rewriter.timestamp(rewrite.timestamp()).marker(rewrite.marker());
    if (descriptor.isUsable()) {
      int length =
          descriptors.prepare(descriptor, rewrite.structureWanted(), rewrite.activeDecodeTargets());
      var _ =
          descriptors.write(
              rewrite.frameNumberDelta(), rewrite.templateIdDelta(), scratch, 0, DESCRIPTOR_BYTES);
      rewriter.put(ExtensionType.DEPENDENCY_DESCRIPTOR, scratch, 0, length);
    }
  }

  /** Writes the header with places for what is known when it leaves. */
  private boolean finish(int entry, IncomingStream stream, RtpPacket packet) {
    if (!writeHeader(entry)) {
      return false;
    }
    pool.stream[entry] = stream;
    pool.sourceSequence[entry] = (char) packet.sequenceNumber();
    pool.payloadOffset[entry] = (char) packet.headerLength();
    pool.payloadLength[entry] = (char) packet.payloadLength();
    pool.paddingLength[entry] = 0;
    return true;
  }

  private boolean writeHeader(int entry) {
    ExtensionMap map = owner.extensionMap();
    if (map.has(ExtensionType.TRANSPORT_SEQUENCE_NUMBER)) {
      rewriter.transportSequenceNumber(0);
    }
    if (map.has(ExtensionType.ABS_SEND_TIME)) {
      rewriter.absSendTime(0);
    }
    long base = pool.headerOffset(entry);
    int length = rewriter.writeHeader(pool.segment(), base, PacketPool.HEADER_BYTES);
    if (length == RtpRewriter.NO_ROOM) {
      counters.drop(DropReason.RTP_MALFORMED);
      return false;
    }
    pool.headerLength[entry] = (char) length;
    pool.transportSequenceAt[entry] = place(ExtensionType.TRANSPORT_SEQUENCE_NUMBER, base);
    pool.sendTimeAt[entry] = place(ExtensionType.ABS_SEND_TIME, base);
    return true;
  }

  private short place(ExtensionType type, long base) {
    long at = rewriter.valueOffset(type);
    return at == RtpRewriter.NOT_WRITTEN ? PacketPool.NOT_WRITTEN : (short) (at - base);
  }

  /** An empty packet under a number that would else be missed. */
  void fill(SlotStream slot, Rewrite rewrite, int codec, long nowNanos) {
    int payloadType = owner.payloadTypes().ofCodec(codec);
    int entry = payloadType == PayloadTypes.NONE ? PacketPool.NONE : acquire(slot);
    if (entry == PacketPool.NONE) {
      return;
    }
    rewriter
        .begin(owner.extensionMap())
        .ssrc(slot.ssrc())
        .payloadType(payloadType)
        .sequenceNumber(rewrite.sequenceNumber())
        .timestamp(rewrite.timestamp())
        .padding(1);
    finishPadding(entry, 1, nowNanos, PacketPriority.VIDEO);
  }

  private void finishPadding(int entry, int padding, long nowNanos, PacketPriority priority) {
    if (!makePadding(entry, padding)) {
      pool.release(entry);
      return;
    }
    enqueue(entry, priority, nowNanos);
  }

  private boolean makePadding(int entry, int padding) {
    pool.payloadLength[entry] = 0;
    pool.paddingLength[entry] = (char) padding;
    pool.originalSequence[entry] = PacketPool.NONE;
    return writeHeader(entry);
  }

  /**
   * Makes the RTX packet (RFC 4588) of one that the rewrite tells of.
   *
   * @return its entry; {@link PacketPool#NONE} when the receiver takes no RTX or the source's ring
   *     has it no more
   */
  int makeRetransmission(SlotStream slot, IncomingStream stream, Rewrite rewrite, long nowNanos) {
    if (slot.rtxSsrc().isEmpty()
        || !stored.find(stream, rewrite.sourceSequenceNumber(), nowNanos)) {
      return PacketPool.NONE;
    }
    int mediaType = owner.payloadTypes().ofCodec(stored.codec(stream));
    int payloadType =
        mediaType == PayloadTypes.NONE
            ? PayloadTypes.NONE
            : owner.payloadTypes().retransmissionOf(mediaType);
    int entry = payloadType == PayloadTypes.NONE ? PacketPool.NONE : acquire(slot);
    if (entry == PacketPool.NONE) {
      return PacketPool.NONE;
    }
    rewriter
        .begin(stored.packet, stored.extensions, owner.extensionMap())
        .ssrc(slot.rtxSsrc().getAsInt())
        .payloadType(payloadType)
        .sequenceNumber(slot.nextRtxSequence());
    rewrite(stored.descriptor, rewrite);
    rewriter.timestamp((stored.packet.timestamp() + rewrite.timestampOffset()) & 0xffff_ffffL);
    if (!finish(entry, stream, stored.packet)) {
      pool.release(entry);
      return PacketPool.NONE;
    }
    pool.originalSequence[entry] = rewrite.sequenceNumber();
    return entry;
  }

  /** A packet that came, and could not be projected then, is given to its slot once more. */
  void projectStored(SlotStream slot, IncomingStream stream, int sequenceNumber, long nowNanos) {
    if (stored.find(stream, sequenceNumber, nowNanos)) {
      slot.onPacket(
          stream,
          stored.packet,
          stored.extensions,
          stored.descriptor,
          stored.codec(stream),
          stream.captureNanos(stored.packet, nowNanos),
          nowNanos);
    }
  }

  void enqueueRetransmission(int entry, long nowNanos) {
    enqueue(entry, PacketPriority.RETRANSMISSION, nowNanos);
  }

  /** Makes a packet of padding on a slot's RTX stream, which needs no number of the media. */
  int makeProbePadding(SlotStream slot, int payloadType, int padding) {
    int entry = acquire(slot);
    if (entry == PacketPool.NONE) {
      return PacketPool.NONE;
    }
    rewriter
        .begin(owner.extensionMap())
        .ssrc(slot.rtxSsrc().orElseThrow())
        .payloadType(payloadType)
        .sequenceNumber(slot.nextRtxSequence())
        .padding(padding);
    if (!makePadding(entry, padding)) {
      pool.release(entry);
      return PacketPool.NONE;
    }
    return entry;
  }

  private int acquire(SlotStream slot) {
    int entry = pool.acquire();
    if (entry == PacketPool.NONE) {
      counters.drop(DropReason.POOL_EXHAUSTED);
    } else {
      pool.slot[entry] = slot;
    }
    return entry;
  }

  /** As the path sees it. */
  int sizeBytes(int entry) {
    return pool.length(entry) + TAG_BYTES + Departures.PATH_OVERHEAD_BYTES;
  }

  private void enqueue(int entry, PacketPriority priority, long nowNanos) {
    if (!pacer.enqueue(entry, sizeBytes(entry), priority, nowNanos)) {
      counters.drop(DropReason.RECEIVER_QUEUE_FULL);
      pool.release(entry);
      return;
    }
    if (!timer.isScheduled()) {
      timers.schedule(timer, pacer.nextSendTimeNanos());
    } else if (priority == PacketPriority.AUDIO) {
      // A timer that waits for video's budget is too late for audio.
      timers.scheduleBy(timer, pacer.nextSendTimeNanos());
    }
  }

  /** A probe was asked for. */
  void onProbeStarted() {
    timers.scheduleBy(timer, pacer.nextSendTimeNanos());
  }

  private void pump(long nowNanos) {
    for (long entry = pacer.poll(nowNanos); entry != Pacer.NONE; entry = pacer.poll(nowNanos)) {
      departures.add((int) entry, pacer.polledProbeClusterId(), nowNanos);
    }
    departures.leave(nowNanos);
    timers.schedule(timer, pacer.nextSendTimeNanos());
  }

  /** One that has waited too long. */
  void onDropped(long entry) {
    counters.drop(DropReason.WAITED_TOO_LONG);
    pool.release((int) entry);
  }

  void close() {
    timers.cancel(timer);
    pacer.drain(this::release);
  }

  private void release(long entry) {
    pool.release((int) entry);
  }
}
