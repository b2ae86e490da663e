package dev.sotto.media.rtcp;

import java.lang.foreign.MemorySegment;

/** Reads everything that a datagram holds, as a relay would. */
final class RtcpReader implements TransportFeedbackSink {
  private final RtcpCompound compound = new RtcpCompound();
  private final ReportPacket report = new ReportPacket();
  private final SourceDescription description = new SourceDescription();
  private final Goodbye goodbye = new Goodbye();
  private final GenericNack nack = new GenericNack();
  private final TransportFeedback feedback = new TransportFeedback();
  private final PictureLossIndication pictureLoss = new PictureLossIndication();
  private final FullIntraRequest intraRequest = new FullIntraRequest();
  private final ReceiverEstimate estimate = new ReceiverEstimate();

  /** So that reading cannot be left out. */
  private long sum;

  private int statuses;

  /** False when the datagram or one of its packets was refused. */
  boolean readAll(MemorySegment segment, int length) {
    if (!compound.wrap(segment, 0, length)) {
      return false;
    }
    boolean all = true;
    sum += compound.isReducedSize() ? 1 : 0;
    while (compound.next()) {
      all &= readPacket();
    }
    return all;
  }

  /** Of all that was read. */
  long sum() {
    return sum;
  }

  private boolean readPacket() {
    return switch (compound.type()) {
      case SENDER_REPORT, RECEIVER_REPORT -> readReport();
      case SOURCE_DESCRIPTION -> readDescription();
      case GOODBYE -> readGoodbye();
      case NACK -> readNack();
      case TRANSPORT_FEEDBACK -> readFeedback();
      case PICTURE_LOSS -> pictureLoss.wrap(compound) && add(pictureLoss.mediaSsrc());
      case FULL_INTRA_REQUEST -> readIntraRequest();
      case RECEIVER_ESTIMATE -> readEstimate();
      case APPLICATION, EXTENDED_REPORT, OTHER -> true;
    };
  }

  private boolean add(long value) {
    sum += value;
    return true;
  }

  private boolean readReport() {
    boolean read = report.wrap(compound);
    if (read) {
      add(report.senderSsrc());
    }
    if (read && report.isSenderReport()) {
      add(report.ntp() + report.rtpTimestamp() + report.packetCount() + report.octetCount());
    }
    while (report.nextBlock()) {
      add(report.blockSsrc() + report.fractionLost() + report.cumulativeLost());
      add(report.extendedHighest() + report.jitter());
      add(report.lastSenderReport() + report.delaySinceLastSenderReport());
    }
    return read;
  }

  private boolean readDescription() {
    boolean read = description.wrap(compound);
    long end = compound.offset() + compound.length();
    while (description.next()) {
      add(description.ssrc());
      require(description.nameLength() > 0);
      require(description.nameOffset() + description.nameLength() <= end);
    }
    return read;
  }

  private boolean readGoodbye() {
    boolean read = goodbye.wrap(compound);
    for (int i = 0; i < goodbye.ssrcCount(); i++) {
      add(goodbye.ssrc(i));
    }
    return read;
  }

  private boolean readNack() {
    boolean read = nack.wrap(compound);
    int numbers = 0;
    while (nack.next()) {
      require(nack.sequenceNumber() >= 0 && nack.sequenceNumber() <= 0xffff);
      numbers++;
    }
    require(read == numbers > 0);
    require(numbers <= compound.length() / GenericNack.ENTRY_BYTES * 17);
    return read && add(nack.senderSsrc() + nack.mediaSsrc());
  }

  private boolean readFeedback() {
    statuses = 0;
    boolean read = feedback.read(compound, this);
    require(read == statuses > 0);
    return read && add(feedback.senderSsrc() + feedback.mediaSsrc() + feedback.feedbackCount());
  }

  @Override
  public void onPacket(int number, boolean received, long arrivalMicros) {
    statuses++;
    require(number >= 0 && number <= 0xffff);
    add(received ? arrivalMicros : 1);
  }

  private boolean readIntraRequest() {
    boolean read = intraRequest.wrap(compound);
    for (int i = 0; i < intraRequest.entryCount(); i++) {
      add(intraRequest.ssrc(i) + intraRequest.commandNumber(i));
    }
    return read && add(intraRequest.senderSsrc());
  }

  private boolean readEstimate() {
    if (!estimate.wrap(compound)) {
      return false;
    }
    require(estimate.bitrateBps() >= 0);
    for (int i = 0; i < estimate.ssrcCount(); i++) {
      add(estimate.ssrc(i));
    }
    return add(estimate.senderSsrc());
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("an invariant of RTCP packets does not hold");
    }
  }
}
