package dev.sotto.relay.conference;

import dev.sotto.media.rtcp.FullIntraRequest;
import dev.sotto.media.rtcp.GenericNack;
import dev.sotto.media.rtcp.PictureLossIndication;
import dev.sotto.media.rtcp.ReceiverEstimate;
import dev.sotto.media.rtcp.ReportPacket;
import dev.sotto.media.rtcp.RtcpCompound;
import dev.sotto.media.rtcp.TransportFeedback;
import dev.sotto.media.rtcp.TransportFeedbackSink;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import java.lang.foreign.MemorySegment;

/**
 * Takes an endpoint's RTCP apart: what it says as a sender goes to its streams, what it says as a
 * receiver to its slots and its congestion control. Nothing passes from one endpoint to another as
 * it is.
 */
final class FeedbackReader {
  private final Endpoint owner;
  private final Counters counters;
  private final RtcpCompound compound = new RtcpCompound();
  private final ReportPacket report = new ReportPacket();
  private final GenericNack nack = new GenericNack();
  private final PictureLossIndication pictureLoss = new PictureLossIndication();
  private final FullIntraRequest fullIntra = new FullIntraRequest();
  private final ReceiverEstimate estimate = new ReceiverEstimate();
  private final TransportFeedback feedback = new TransportFeedback();
  private final TransportFeedbackSink feedbackSink;

  FeedbackReader(Endpoint owner, Counters counters) {
    this.owner = owner;
    this.counters = counters;
    feedbackSink = owner.outgoing().feedbackSink();
  }

  void onRtcp(MemorySegment segment, long offset, int length, long nowNanos) {
    if (!compound.wrap(segment, offset, length)) {
      counters.drop(DropReason.RTCP_MALFORMED);
      return;
    }
    while (compound.next()) {
      switch (compound.type()) {
        case SENDER_REPORT, RECEIVER_REPORT -> onReport(nowNanos);
        case NACK -> onNack(nowNanos);
        case PICTURE_LOSS -> onPictureLoss(nowNanos);
        case FULL_INTRA_REQUEST -> onFullIntra(nowNanos);
        case TRANSPORT_FEEDBACK -> onTransportFeedback(nowNanos);
        case RECEIVER_ESTIMATE -> {
          if (estimate.wrap(compound)) {
            owner.outgoing().onReceiverEstimate(estimate.bitrateBps(), nowNanos);
          }
        }
        default -> {
          // what comes and goes is signalling's to say, not a BYE's
        }
      }
    }
  }

  private void onReport(long nowNanos) {
    if (!report.wrap(compound)) {
      counters.drop(DropReason.RTCP_MALFORMED);
      return;
    }
    if (report.isSenderReport()) {
      IncomingStream stream = owner.incoming().streams().find(report.senderSsrc(), null);
      if (stream != null) {
        stream.clock().onSenderReport(report.ntp(), report.rtpTimestamp(), nowNanos);
      }
    }
    while (report.nextBlock()) {
      SlotStream slot = owner.outgoing().slotOrNull(report.blockSsrc());
      if (slot != null) {
        owner
            .outgoing()
            .onRoundTrip(
                slot.roundTripNanos(
                    report.lastSenderReport(), report.delaySinceLastSenderReport(), nowNanos));
      }
    }
  }

  private void onNack(long nowNanos) {
    if (!nack.wrap(compound)) {
      counters.drop(DropReason.RTCP_MALFORMED);
      return;
    }
    SlotStream slot = owner.outgoing().slotOrNull(nack.mediaSsrc());
    while (slot != null && nack.next()) {
      slot.onNack(nack.sequenceNumber(), nowNanos);
    }
  }

  private void onPictureLoss(long nowNanos) {
    if (pictureLoss.wrap(compound)) {
      SlotStream slot = owner.outgoing().slotOrNull(pictureLoss.mediaSsrc());
      if (slot != null) {
        slot.onPictureLoss(nowNanos);
      }
    }
  }

  private void onFullIntra(long nowNanos) {
    if (!fullIntra.wrap(compound)) {
      counters.drop(DropReason.RTCP_MALFORMED);
      return;
    }
    for (int i = 0; i < fullIntra.entryCount(); i++) {
      SlotStream slot = owner.outgoing().slotOrNull(fullIntra.ssrc(i));
      if (slot != null) {
        slot.onFullIntraRequest(fullIntra.commandNumber(i), nowNanos);
      }
    }
  }

  private void onTransportFeedback(long nowNanos) {
    if (!owner.outgoing().hasPath()) {
      return;
    }
    owner.outgoing().beginFeedback(nowNanos);
    if (!feedback.read(compound, feedbackSink)) {
      counters.drop(DropReason.RTCP_MALFORMED);
    }
    owner.outgoing().endFeedback(nowNanos);
  }
}
