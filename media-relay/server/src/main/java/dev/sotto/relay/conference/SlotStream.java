package dev.sotto.relay.conference;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.loss.RetransmissionThrottle;
import dev.sotto.media.loss.SenderReportTranslator;
import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtp.HeaderExtensions;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.selection.Rewrite;
import dev.sotto.media.selection.SlotKind;
import dev.sotto.media.selection.SlotProjection;
import dev.sotto.media.selection.Sought;
import dev.sotto.media.selection.Verdict;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.statistics.Counter;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * One stream to a receiver: a receive slot, or the one place of a source where the receiver has no
 * slots. Holds the projection of whatever is in it, and answers for its loss and its reports.
 */
final class SlotStream {
  /** RFC 3550 section 5.1 wants random ones; RFC 3711 section 3.3.1 the number below 2^15. */
  private static final int FIRST_NUMBERS = 1 << 15;

  /** Two seconds of 500 packets; of audio packets of 20 ms. */
  private static final int VIDEO_HISTORY = 1024;

  private static final int AUDIO_HISTORY = 128;

  private final OutgoingMedia receiver;
  private final MediaKind kind;
  private final int ssrc;
  private final OptionalInt rtxSsrc;
  private final SlotProjection projection;
  private final SenderReportTranslator reports = new SenderReportTranslator();
  private final RetransmissionThrottle throttle = new RetransmissionThrottle();
  private final Rewrite rewrite = new Rewrite();

  /** Null while nobody is in it; asked for each packet. */
  private MediaSource occupant;

  private boolean targeted;
  private int rtxSequence;
  private int encoding;
  private int spatialId;
  private int temporalId;

  SlotStream(
      OutgoingMedia receiver,
      MediaKind kind,
      int ssrc,
      OptionalInt rtxSsrc,
      Numbers numbers,
      RandomGenerator random) {
    this.receiver = receiver;
    this.kind = kind;
    this.ssrc = ssrc;
    this.rtxSsrc = rtxSsrc;
    boolean video = kind == MediaKind.VIDEO;
    projection =
        new SlotProjection(
            video ? SlotKind.VIDEO : SlotKind.AUDIO,
            ssrc,
            numbers.sequence(),
            random.nextInt(),
            video ? VIDEO_HISTORY : AUDIO_HISTORY);
    rtxSequence = numbers.rtxSequence();
  }

  /**
   * Where a stream's numbers begin. One whose SSRC was in use goes on behind the last number of
   * then: SRTP takes one that is behind for a replay, and no number may serve two packets.
   */
  record Numbers(int sequence, int rtxSequence) {
    static Numbers random(RandomGenerator random) {
      return new Numbers(random.nextInt(FIRST_NUMBERS), random.nextInt(FIRST_NUMBERS));
    }
  }

  /** Where another stream of this SSRC is to begin. */
  Numbers nextNumbers() {
    return new Numbers((int) (projection.highestPacketIndex() + 1) & 0xffff, rtxSequence);
  }

  MediaKind kind() {
    return kind;
  }

  int ssrc() {
    return ssrc;
  }

  OptionalInt rtxSsrc() {
    return rtxSsrc;
  }

  Optional<MediaSource> occupant() {
    return Optional.ofNullable(occupant);
  }

  boolean isOccupiedBy(MediaSource source) {
    return source.equals(occupant);
  }

  /** Whether something of its occupant is to go out, and can. */
  boolean isTargeted() {
    return targeted && receiver.isActive();
  }

  /** Gives the slot to a source; nothing goes out until a target is set. */
  void occupy(MediaSource source) {
    vacate();
    occupant = source;
    projection.occupy(source.key());
    source.outputs().add(this);
  }

  void vacate() {
    if (occupant != null) {
      occupant.outputs().remove(this);
      occupant = null;
    }
    pause();
  }

  void pause() {
    if (targeted) {
      targeted = false;
      projection.pause();
    }
  }

  void setTarget(int newEncoding, int newSpatialId, int newTemporalId) {
    if (!targeted
        || newEncoding != encoding
        || newSpatialId != spatialId
        || newTemporalId != temporalId) {
      targeted = true;
      encoding = newEncoding;
      spatialId = newSpatialId;
      temporalId = newTemporalId;
      projection.setTarget(encoding, spatialId, temporalId);
    }
  }

  /** A packet of the occupant. */
  void onPacket(
      IncomingStream stream,
      RtpPacket packet,
      HeaderExtensions extensions,
      DependencyDescriptor descriptor,
      int codec,
      long captureNanos,
      long nowNanos) {
    Verdict verdict =
        projection.project(
            stream.encoding(),
            packet.sequenceNumber(),
            (int) packet.timestamp(),
            packet.marker(),
            packet.payloadLength(),
            captureNanos,
            nowNanos,
            descriptor,
            rewrite);
    switch (verdict) {
      case FORWARD -> {
        receiver
            .queue()
            .forward(this, stream, packet, extensions, descriptor, rewrite, codec, nowNanos);
        if (!stream.hasDescriptors()) {
          askForKeyFrame(nowNanos);
        }
      }
      case FILL -> receiver.queue().fill(this, rewrite, codec, nowNanos);
      case WAITING, UNDECODABLE, UNREADABLE -> askForKeyFrame(nowNanos);
      default -> {
        // not chosen
      }
    }
  }

  /** Has a key frame asked for if the receiver cannot go on without. */
  void askForKeyFrame(long nowNanos) {
    if (occupant == null) {
      return;
    }
    int wanted = projection.keyFrameWanted(nowNanos);
    if (wanted == SlotProjection.NOTHING || wanted >= occupant.encodings()) {
      return;
    }
    IncomingStream stream = occupant.streamOrNull(wanted);
    boolean begins = wanted == projection.encoding();
    // One without descriptors is begun with at any picture, and asked for a key frame then: once.
    if (stream != null && (begins || stream.hasDescriptors())) {
      occupant.requestKeyFrame(wanted, receiver.number(), nowNanos);
    }
  }

  /** The receiver cannot decode. */
  void onPictureLoss(long nowNanos) {
    if (occupant != null && projection.encoding() != SlotProjection.NOTHING) {
      occupant.requestKeyFrame(projection.encoding(), receiver.number(), nowNanos);
    }
  }

  void onFullIntraRequest(int command, long nowNanos) {
    if (occupant != null && projection.encoding() != SlotProjection.NOTHING) {
      occupant.requestKeyFrame(projection.encoding(), receiver.number(), command, nowNanos);
    }
  }

  /** The receiver has not got a packet of this stream. */
  void onNack(int sequenceNumber, long nowNanos) {
    Sought sought = projection.find(sequenceNumber, rewrite);
    if (sought == Sought.KEPT) {
      sendLate(nowNanos);
      return;
    }
    if (sought != Sought.SENT
        || !throttle.tryAcquire(sequenceNumber, nowNanos, receiver.roundTripNanos())) {
      return;
    }
    int entry = makeRetransmission(nowNanos);
    if (entry == PacketPool.NONE) {
      receiver.counters().increment(Counter.RETRANSMISSIONS_UNAVAILABLE);
    } else {
      receiver.queue().enqueueRetransmission(entry, nowNanos);
    }
  }

  /** What has come meanwhile, or came when what it leans on was missing. */
  private void sendLate(long nowNanos) {
    IncomingStream stream =
        targeted && rewrite.source() == occupant.key()
            ? occupant.streamOrNull(rewrite.encoding())
            : null;
    if (stream != null) {
      receiver.queue().projectStored(this, stream, rewrite.sourceSequenceNumber(), nowNanos);
    }
  }

  private int makeRetransmission(long nowNanos) {
    if (occupant == null || rewrite.source() != occupant.key()) {
      return PacketPool.NONE;
    }
    IncomingStream stream = occupant.streamOrNull(rewrite.encoding());
    return stream == null
        ? PacketPool.NONE
        : receiver.queue().makeRetransmission(this, stream, rewrite, nowNanos);
  }

  /**
   * Makes a retransmission of a packet that left lately, for a probe.
   *
   * @param back how many packets before the last one
   * @return its entry, or {@link PacketPool#NONE}
   */
  int makeProbe(int back, long nowNanos) {
    if (occupant == null || projection.encoding() == SlotProjection.NOTHING) {
      return PacketPool.NONE;
    }
    int sequenceNumber = (int) (projection.highestPacketIndex() - back) & 0xffff;
    return projection.find(sequenceNumber, rewrite) == Sought.SENT
        ? makeRetransmission(nowNanos)
        : PacketPool.NONE;
  }

  int nextRtxSequence() {
    rtxSequence = (rtxSequence + 1) & 0xffff;
    return rtxSequence;
  }

  void onSent(int payloadBytes) {
    reports.onForwarded(payloadBytes);
  }

  /** Begins the sender report of this stream, if there is something to report. */
  boolean writeReport(RtcpWriter writer, long nowNanos) {
    if (occupant == null || projection.encoding() == SlotProjection.NOTHING) {
      return false;
    }
    IncomingStream stream = occupant.streamOrNull(projection.encoding());
    return stream != null
        && reports.write(writer, ssrc, stream.clock(), projection.timestampOffset(), nowNanos);
  }

  long roundTripNanos(int lastSenderReport, long delaySinceLast, long nowNanos) {
    return reports.roundTripNanos(lastSenderReport, delaySinceLast, nowNanos);
  }

  /** The encoding and layers that go out at present, for people to read. */
  String describeLayer() {
    return projection.encoding() == SlotProjection.NOTHING
        ? "none"
        : "%d/%d/%d"
            .formatted(projection.encoding(), projection.spatialId(), projection.temporalId());
  }
}
