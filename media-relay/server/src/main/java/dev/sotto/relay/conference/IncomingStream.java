package dev.sotto.relay.conference;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.DependencyDescriptorReader;
import dev.sotto.media.loss.NackGenerator;
import dev.sotto.media.loss.NackSettings;
import dev.sotto.media.loss.ReceptionStatistics;
import dev.sotto.media.loss.RetransmissionCache;
import dev.sotto.media.loss.SourceClock;
import dev.sotto.media.rtp.ExtensionType;
import dev.sotto.media.rtp.HeaderExtensions;
import dev.sotto.media.rtp.NtpTime;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.rtp.RtpTimestamps;
import dev.sotto.media.selection.SlotProjection;
import dev.sotto.relay.control.MediaKind;
import java.lang.foreign.Arena;
import java.util.OptionalInt;

/**
 * One SSRC that an endpoint sends: an encoding of a source, with its statistics, what is missing of
 * it, and the ring of its last packets, from which all receivers are served.
 */
final class IncomingStream {
  private static final int AUDIO_RING_BYTES = 32 << 10;
  private static final int AUDIO_PACKETS = 64;

  /** Two seconds of the best layer at 2 Mbit/s; lower ones have less to keep. */
  private static final int VIDEO_RING_BYTES = 512 << 10;

  private static final int VIDEO_PACKETS = 512;
  private static final long MAX_AGE_NANOS = 2_000_000_000L;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final MediaSource source;
  private final int encoding;
  private final int ssrc;
  private final int clockRateHz;
  private final Arena arena = Arena.ofConfined();

  /** Null until there is a packet to keep: who is alone in a conference needs no ring. */
  private RetransmissionCache packets;

  private final ReceptionStatistics statistics;
  private final SourceClock clock;

  /** Null for audio, of which nothing is asked for again. */
  private final NackGenerator nacks;

  private final long sinceNanos;
  private final DependencyDescriptorReader descriptors = new DependencyDescriptorReader();
  private long lastPacketNanos;
  private boolean hasDescriptors;
  private boolean hasKeyPicture;
  private long keyPictureTimestamp;
  private OptionalInt repairSsrc = OptionalInt.empty();

  IncomingStream(MediaSource source, int encoding, int ssrc, int clockRateHz, long nowNanos) {
    this.source = source;
    this.encoding = encoding;
    this.ssrc = ssrc;
    this.clockRateHz = clockRateHz;
    nacks = source.kind() == MediaKind.VIDEO ? new NackGenerator(NackSettings.DEFAULT) : null;
    sinceNanos = nowNanos;
    statistics = new ReceptionStatistics(clockRateHz);
    clock = new SourceClock(clockRateHz);
  }

  MediaSource source() {
    return source;
  }

  int encoding() {
    return encoding;
  }

  int ssrc() {
    return ssrc;
  }

  /** The SSRC of its retransmissions, once one has come. */
  OptionalInt repairSsrc() {
    return repairSsrc;
  }

  void setRepairSsrc(int repair) {
    repairSsrc = OptionalInt.of(repair);
  }

  boolean isVideo() {
    return source.kind() == MediaKind.VIDEO;
  }

  /** The ring; there is one once a packet was kept. */
  RetransmissionCache packets() {
    return packets;
  }

  /** Keeps a packet for as long as receivers may ask for it. */
  void keep(RtpPacket packet, long nowNanos) {
    if (packets == null) {
      packets = openRing();
    }
    var _ =
        packets.store(
            packet.sequenceNumber(), packet.segment(), packet.offset(), packet.length(), nowNanos);
  }

  /** Whether a packet is kept. */
  boolean keeps(int sequenceNumber, long nowNanos) {
    return packets != null && packets.find(sequenceNumber, nowNanos);
  }

  private RetransmissionCache openRing() {
    int bytes =
        isVideo() ? VIDEO_RING_BYTES >> (source.encodings() - 1 - encoding) : AUDIO_RING_BYTES;
    return new RetransmissionCache(
        arena.allocate(Math.max(bytes, AUDIO_RING_BYTES)),
        isVideo() ? VIDEO_PACKETS : AUDIO_PACKETS,
        MAX_AGE_NANOS);
  }

  ReceptionStatistics statistics() {
    return statistics;
  }

  SourceClock clock() {
    return clock;
  }

  /** When its first packet came. */
  long sinceNanos() {
    return sinceNanos;
  }

  /** What is missing of it; video has that. */
  NackGenerator nacks() {
    return nacks;
  }

  long lastPacketNanos() {
    return lastPacketNanos;
  }

  void onArrival(long nowNanos) {
    lastPacketNanos = nowNanos;
  }

  /** Whether its packets tell of frames and layers. */
  boolean hasDescriptors() {
    return hasDescriptors;
  }

  /** Reads the descriptor of a packet of this stream, if it has one. */
  void readDescriptor(HeaderExtensions extensions, DependencyDescriptor into) {
    if (!isVideo() || !extensions.has(ExtensionType.DEPENDENCY_DESCRIPTOR)) {
      into.clear();
      return;
    }
    hasDescriptors = true;
    var _ =
        descriptors.read(
            extensions.segment(),
            extensions.offset(ExtensionType.DEPENDENCY_DESCRIPTOR),
            extensions.length(ExtensionType.DEPENDENCY_DESCRIPTOR),
            into);
  }

  /** Whether a packet is of the newest key picture, whose first packet has the structure. */
  boolean isOfKeyPicture(RtpPacket packet, DependencyDescriptor descriptor) {
    if (descriptor.isUsable() && descriptor.hasStructure()) {
      hasKeyPicture = true;
      keyPictureTimestamp = packet.timestamp();
    }
    return hasKeyPicture && packet.timestamp() == keyPictureTimestamp;
  }

  /**
   * When a packet was captured, by the source's wall clock, or {@link
   * SlotProjection#NO_CAPTURE_TIME}.
   */
  long captureNanos(RtpPacket packet, long nowNanos) {
    if (!clock.isKnown()) {
      return SlotProjection.NO_CAPTURE_TIME;
    }
    int ticks = RtpTimestamps.distance(clock.rtpTimestampAt(nowNanos), packet.timestamp());
    return NtpTime.toUnixNanos(clock.ntpAt(nowNanos)) + ticks * NANOS_PER_SECOND / clockRateHz;
  }

  /** Frees the ring. Packets that wait for their turn and refer to it are found to be gone. */
  void close() {
    if (packets != null) {
      packets.clear();
    }
    arena.close();
  }
}
