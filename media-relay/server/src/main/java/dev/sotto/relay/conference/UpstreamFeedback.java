package dev.sotto.relay.conference;

import dev.sotto.media.loss.KeyFrameRequests;
import dev.sotto.media.rtcp.RtcpWriter;
import dev.sotto.relay.control.FeedbackSources;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.transport.EndpointTransport;
import dev.sotto.relay.transport.PacketSink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * What the relay tells an endpoint about what it sends: receiver reports (RFC 3550 section 6.4.2),
 * NACKs, requests for key frames and transport-wide feedback, all that is due in one compound with
 * a report and a name in front (section 6.1), as not everybody takes reduced ones.
 */
final class UpstreamFeedback {
  private static final long REPORT_INTERVAL_NANOS = 1_000_000_000L;

  /** A stream without a packet for longer is not reported on: RFC 3550 section 6.4. */
  private static final long ACTIVE_NANOS = 2 * REPORT_INTERVAL_NANOS;

  /** Until the endpoint can be reached again nothing is written. */
  private static final long UNREACHABLE_NANOS = 100_000_000L;

  private static final int COMPOUND_BYTES = 1100;
  private static final long NEVER = Long.MAX_VALUE;
  private static final MemorySegment NAME = name("sotto");

  private final Endpoint owner;
  private final FeedbackSources ssrcs;
  private final Counters counters;
  private final RtcpWriter writer = new RtcpWriter();
  private long reportDueNanos;

  /** What one run gathers; fields, so that walking the streams allocates nothing. */
  private long now;

  private long next;
  private boolean due;

  UpstreamFeedback(Endpoint owner, FeedbackSources ssrcs, Counters counters, long nowNanos) {
    this.owner = owner;
    this.ssrcs = ssrcs;
    this.counters = counters;
    reportDueNanos = nowNanos + REPORT_INTERVAL_NANOS;
  }

  static MemorySegment name(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    MemorySegment segment = Arena.ofAuto().allocate(bytes.length);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  /** Sends what is due; returns when there will be more, {@link Long#MAX_VALUE} for never. */
  long run(long nowNanos) {
    now = nowNanos;
    look();
    if (!due) {
      return next;
    }
    EndpointTransport transport = owner.transport();
    if (!transport.isWritable(now)) {
      return now + UNREACHABLE_NANOS;
    }
    long place = transport.reserve(COMPOUND_BYTES);
    if (place == PacketSink.NO_ROOM) {
      return now + UNREACHABLE_NANOS;
    }
    write(transport.sendSegment(), place);
    var _ = transport.sendRtcp(writer.length());
    look();
    return due ? now : next;
  }

  /** Finds whether anything is due, and else when. */
  private void look() {
    due = false;
    next = NEVER;
    if (owner.incoming().streams().size() == 0) {
      return;
    }
    consider(reportDueNanos - now);
    if (owner.payloadTypes().hasTransportFeedback()) {
      consider(owner.incoming().nanosUntilFeedback(now));
    }
    for (int i = 0; i < owner.incoming().sources().size(); i++) {
      MediaSource source = owner.incoming().sources().get(i);
      for (int encoding = 0; encoding < source.encodings(); encoding++) {
        IncomingStream stream = source.streamOrNull(encoding);
        if (stream != null && stream.isVideo()) {
          consider(stream.nacks().nanosUntilDue(now));
          consider(source.keyFrames(encoding).nanosUntilDue(now));
        }
      }
    }
  }

  private void consider(long nanosUntilDue) {
    if (nanosUntilDue <= 0) {
      due = true;
    } else if (nanosUntilDue != NEVER) {
      next = Math.min(next, now + nanosUntilDue);
    }
  }

  private void write(MemorySegment segment, long place) {
    int ssrc = (int) (owner.incoming().sendsVideo() ? ssrcs.videoSsrc() : ssrcs.audioSsrc());
    writer.begin(segment, place, COMPOUND_BYTES);
    var _ = writer.receiverReport(ssrc);
    boolean report = reportDueNanos - now <= 0;
    if (report) {
      reportDueNanos = now + REPORT_INTERVAL_NANOS;
      forEachStream(this::writeBlock);
    }
    var _ = writer.sourceDescription(ssrc, NAME, 0, (int) NAME.byteSize());
    for (int i = 0; i < owner.incoming().sources().size(); i++) {
      MediaSource source = owner.incoming().sources().get(i);
      if (source.kind() == MediaKind.VIDEO) {
        writeRequests(source, ssrc);
      }
    }
    if (owner.payloadTypes().hasTransportFeedback()
        && owner.incoming().nanosUntilFeedback(now) == 0) {
      while (owner.incoming().writeFeedback(writer, ssrc)) {
        // one packet says as much as the numbers allow; most times one is all
      }
    }
  }

  private interface StreamVisitor {
    void visit(IncomingStream stream);
  }

  private void forEachStream(StreamVisitor visitor) {
    for (MediaSource source : owner.incoming().sources()) {
      for (int encoding = 0; encoding < source.encodings(); encoding++) {
        source.stream(encoding).ifPresent(visitor::visit);
      }
    }
  }

  private void writeBlock(IncomingStream stream) {
    if (now - stream.lastPacketNanos() < ACTIVE_NANOS) {
      var _ = stream.statistics().writeReportBlock(writer, stream.ssrc(), stream.clock(), now);
    }
  }

  private void writeRequests(MediaSource source, int ssrc) {
    for (int encoding = 0; encoding < source.encodings(); encoding++) {
      IncomingStream stream = source.streamOrNull(encoding);
      if (stream == null) {
        continue;
      }
      int asked =
          stream.nacks().write(writer, ssrc, stream.ssrc(), now, owner.outgoing().roundTripNanos());
      counters.add(Counter.NACKS_SENT, asked);
      KeyFrameRequests keyFrames = source.keyFrames(encoding);
      if (keyFrames.poll(now)) {
        counters.increment(Counter.KEY_FRAMES_ASKED);
        if (owner.payloadTypes().prefersFullIntra()) {
          var _ = writer.fullIntraRequest(ssrc, stream.ssrc(), keyFrames.commandNumber());
        } else {
          var _ = writer.pictureLoss(ssrc, stream.ssrc());
        }
        if (!stream.hasDescriptors()) {
          // Its key frames cannot be told from others; who still needs one asks again.
          keyFrames.onKeyFrame();
        }
      }
    }
  }
}
