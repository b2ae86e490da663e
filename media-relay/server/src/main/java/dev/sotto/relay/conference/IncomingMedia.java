package dev.sotto.relay.conference;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.loss.Rtx;
import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.media.rtcp.TransportFeedbackRecorder;
import dev.sotto.media.rtp.ExtensionMap;
import dev.sotto.media.rtp.ExtensionType;
import dev.sotto.media.rtp.HeaderExtensions;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.wire.Wire;
import dev.sotto.relay.control.Encoding;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.SourceDescription;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one endpoint sends: finds the stream of each packet (by SSRC, or by MID and RID when the
 * SSRC is new, RFC 8852), undoes RTX, keeps statistics and ring, and hands the packet to the
 * conference.
 */
final class IncomingMedia {
  /** A ring is dear to make: who changes SSRCs with each packet is not followed. */
  private static final long LEAST_LIFE_NANOS = 500_000_000L;

  private final Endpoint owner;
  private final Counters counters;
  private final List<MediaSource> sources = new ArrayList<>();
  private final SsrcMap<IncomingStream> streams = new SsrcMap<>();
  private final SsrcMap<IncomingStream> retransmitted = new SsrcMap<>();
  private final RtpPacket packet = new RtpPacket();
  private final HeaderExtensions extensions = new HeaderExtensions();
  private final DependencyDescriptor descriptor = new DependencyDescriptor();

  /** Chromium takes transport-wide feedback only under the SSRC of a stream that it sends. */
  private int newestSsrc;

  /** Null until a packet with a transport-wide number comes; most who listen send none. */
  private TransportFeedbackRecorder arrivals;

  IncomingMedia(Endpoint owner, Counters counters) {
    this.owner = owner;
    this.counters = counters;
  }

  List<MediaSource> sources() {
    return sources;
  }

  /** Time until there is feedback to write, {@link TransportFeedbackRecorder#NEVER}. */
  long nanosUntilFeedback(long nowNanos) {
    return arrivals == null ? TransportFeedbackRecorder.NEVER : arrivals.nanosUntilDue(nowNanos);
  }

  /** Writes a packet of feedback; whether there may be more. */
  boolean writeFeedback(RtcpWriter writer, int ssrc) {
    return writer.transportFeedback(arrivals, ssrc, newestSsrc);
  }

  Optional<IncomingStream> stream(int ssrc) {
    return streams.get(ssrc);
  }

  /** Every stream that has come so far. */
  SsrcMap<IncomingStream> streams() {
    return streams;
  }

  MediaSource add(int key, SourceDescription description) {
    MediaSource source = new MediaSource(key, owner, description);
    sources.add(source);
    return source;
  }

  void remove(MediaSource source) {
    sources.remove(source);
    for (int encoding = 0; encoding < source.encodings(); encoding++) {
      source.stream(encoding).ifPresent(this::drop);
    }
  }

  private void drop(IncomingStream stream) {
    streams.remove(stream.ssrc());
    stream.repairSsrc().ifPresent(retransmitted::remove);
    stream.close();
  }

  void close() {
    List.copyOf(sources).forEach(this::remove);
  }

  /** An RTP packet as it came, decrypted. */
  void onRtp(MemorySegment segment, long offset, int length, long nowNanos) {
    counters.increment(Counter.RTP_PACKETS_RECEIVED);
    if (!packet.wrap(segment, offset, length)) {
      counters.drop(DropReason.RTP_MALFORMED);
      return;
    }
    ExtensionMap map = owner.extensionMap();
    var _ = extensions.wrap(packet, map);
    int transportSequence = extensions.transportSequenceNumber();
    if (transportSequence != HeaderExtensions.ABSENT) {
      onTransportSequence(transportSequence, nowNanos);
    }
    IncomingStream stream = streams.find(packet.ssrc(), null);
    if (stream != null) {
      onMedia(stream, false, nowNanos);
      return;
    }
    IncomingStream original = retransmitted.find(packet.ssrc(), null);
    if (original == null) {
      original = learn(nowNanos);
    }
    if (original == null) {
      counters.drop(DropReason.UNKNOWN_SSRC);
    } else if (original.ssrc() == packet.ssrc()) {
      onMedia(original, false, nowNanos);
    } else {
      onRetransmission(original, nowNanos);
    }
  }

  private void onTransportSequence(int number, long nowNanos) {
    if (arrivals == null) {
      arrivals =
          new TransportFeedbackRecorder(
              TransportFeedbackRecorder.DEFAULT_WINDOW_PACKETS,
              TransportFeedbackRecorder.DEFAULT_INTERVAL_NANOS);
    }
    arrivals.onPacket(number, nowNanos);
    long due = arrivals.nanosUntilDue(nowNanos);
    if (due != TransportFeedbackRecorder.NEVER) {
      owner.wakeBy(nowNanos + due);
    }
  }

  private void onRetransmission(IncomingStream original, long nowNanos) {
    int mediaType = owner.payloadTypes().originalOf(packet.payloadType());
    if (mediaType == PayloadTypes.NONE) {
      counters.drop(DropReason.UNKNOWN_PAYLOAD_TYPE);
      return;
    }
    if (packet.payloadLength() == 0 || !Rtx.restore(packet, original.ssrc(), mediaType)) {
      return; // the sender's probing: it has been counted for the feedback, and that is all
    }
    var _ = extensions.wrap(packet, owner.extensionMap());
    onMedia(original, true, nowNanos);
  }

  private void onMedia(IncomingStream stream, boolean recovered, long nowNanos) {
    int payloadType = packet.payloadType();
    int codec = owner.payloadTypes().codec(payloadType);
    if (codec == PayloadTypes.NONE
        || owner.payloadTypes().kind(payloadType) != stream.source().kind()) {
      counters.drop(DropReason.UNKNOWN_PAYLOAD_TYPE);
      return;
    }
    if (recovered && stream.keeps(packet.sequenceNumber(), nowNanos)) {
      return; // the sender's probing with what has come before: it must not push out the ring
    }
    stream.onArrival(nowNanos);
    newestSsrc = stream.ssrc();
    int sequenceNumber = packet.sequenceNumber();
    if (recovered && stream.isVideo()) {
      stream.nacks().onRecovered(sequenceNumber);
    } else if (!recovered) {
      var _ = stream.statistics().onPacket(sequenceNumber, packet.timestamp(), nowNanos);
      if (stream.isVideo()) {
        stream.nacks().onPacket(sequenceNumber, nowNanos);
        long due = stream.nacks().nanosUntilDue(nowNanos);
        if (due != Long.MAX_VALUE) {
          owner.wakeBy(nowNanos + due);
        }
      }
    }
    if (stream.source().isMuted()) {
      counters.drop(DropReason.FORCE_MUTED);
      return;
    }
    if (!owner.conference().hasListeners()) {
      return;
    }
    stream.readDescriptor(extensions, descriptor);
    stream.keep(packet, nowNanos);
    owner.conference().forward(stream, packet, extensions, descriptor, codec, nowNanos);
    if (descriptor.isUsable() && descriptor.hasStructure()) {
      stream.source().keyFrames(stream.encoding()).onKeyFrame();
    }
  }

  /** A stream under an SSRC that is new: announced, or told by MID and RID. */
  private IncomingStream learn(long nowNanos) {
    int ssrc = packet.ssrc();
    for (MediaSource source : sources) {
      List<Encoding> encodings = source.description().encodings();
      for (int i = 0; i < encodings.size(); i++) {
        Encoding encoding = encodings.get(i);
        if (encoding.ssrc().isPresent() && (int) encoding.ssrc().getAsLong() == ssrc) {
          return begin(source, i, nowNanos);
        }
        if (encoding.rtxSsrc().isPresent() && (int) encoding.rtxSsrc().getAsLong() == ssrc) {
          return repair(source, i);
        }
      }
    }
    return learnByIds(nowNanos);
  }

  private IncomingStream learnByIds(long nowNanos) {
    for (MediaSource source : sources) {
      Optional<String> mid = source.description().mid();
      if (mid.isEmpty() || !has(ExtensionType.MID, mid.get())) {
        continue;
      }
      List<Encoding> encodings = source.description().encodings();
      for (int i = 0; i < encodings.size(); i++) {
        Optional<String> rid = encodings.get(i).rid();
        if (rid.isPresent() && encodings.get(i).ssrc().isEmpty()) {
          if (has(ExtensionType.RID, rid.get())) {
            return begin(source, i, nowNanos);
          }
          if (has(ExtensionType.REPAIRED_RID, rid.get())) {
            return repair(source, i);
          }
        }
      }
    }
    return null;
  }

  private boolean has(ExtensionType type, String id) {
    if (extensions.length(type) != id.length()) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (Wire.u8(extensions.segment(), extensions.offset(type) + i) != id.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private IncomingStream begin(MediaSource source, int encoding, long nowNanos) {
    int payloadType = packet.payloadType();
    if (owner.payloadTypes().codec(payloadType) == PayloadTypes.NONE
        || owner.payloadTypes().kind(payloadType) != source.kind()) {
      return null;
    }
    // A browser that restarts an encoder takes another SSRC for the same RID.
    Optional<IncomingStream> before = source.stream(encoding);
    if (before.isPresent() && nowNanos - before.get().sinceNanos() < LEAST_LIFE_NANOS) {
      return null;
    }
    before.ifPresent(this::drop);
    IncomingStream stream =
        new IncomingStream(
            source,
            encoding,
            packet.ssrc(),
            owner.payloadTypes().clockRateHz(payloadType),
            nowNanos);
    source.setStream(encoding, stream);
    streams.put(packet.ssrc(), stream);
    owner.conference().onStream(stream);
    return stream;
  }

  private IncomingStream repair(MediaSource source, int encoding) {
    Optional<IncomingStream> stream = source.stream(encoding);
    if (stream.isEmpty()) {
      return null;
    }
    stream.get().repairSsrc().ifPresent(retransmitted::remove);
    stream.get().setRepairSsrc(packet.ssrc());
    retransmitted.put(packet.ssrc(), stream.get());
    return stream.get();
  }

  boolean sendsVideo() {
    return sources.stream().anyMatch(source -> source.kind() == MediaKind.VIDEO);
  }
}
