package dev.sotto.media.rtcp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Writes one RTCP datagram, packet after packet. Each method says false, and leaves what was
 * written, when there is no room; report blocks, NACKed numbers and FIR entries are added to the
 * packet that was begun last if it is of their kind. Which packets make a valid compound (RFC 3550
 * section 6.1: a report first, then an SDES) is the caller's choice. Nothing is allocated.
 */
public final class RtcpWriter {
  /** RFC 3550 section 6.4.1: the count has five bits. */
  public static final int MAX_REPORT_BLOCKS = 31;

  private static final int MAX_CNAME_BYTES = 255;
  private static final int MAX_ESTIMATE_SSRCS = 255;
  private static final int NACK_MASK_BITS = 16;
  private static final int MIN_CUMULATIVE_LOST = -1 << 23;
  private static final int MAX_CUMULATIVE_LOST = (1 << 23) - 1;

  private MemorySegment segment = MemorySegment.NULL;
  private long start;
  private long end;
  private long position;
  private long packet;
  private int packetType;
  private int count;

  /** Starts a datagram that may have up to {@code capacity} bytes. */
  public RtcpWriter begin(MemorySegment target, long offset, int capacity) {
    segment = target;
    start = offset;
    position = offset;
    end = offset + capacity;
    packetType = 0;
    count = 0;
    return this;
  }

  /** Bytes written so far: always whole packets. */
  public int length() {
    return (int) (position - start);
  }

  public int room() {
    return (int) (end - position);
  }

  /**
   * Begins an SR (RFC 3550 section 6.4.1).
   *
   * @param packets packets sent so far, its low 32 bits
   * @param octets payload bytes sent so far, its low 32 bits
   */
  public boolean senderReport(int ssrc, long ntp, long rtpTimestamp, long packets, long octets) {
    if (!open(RtcpType.SR, 0, 8 + ReportPacket.SENDER_INFO_BYTES)) {
      return false;
    }
    Wire.putU32(segment, packet + 4, ssrc);
    Wire.putI64(segment, packet + 8, ntp);
    Wire.putU32(segment, packet + 16, rtpTimestamp);
    Wire.putU32(segment, packet + 20, packets);
    Wire.putU32(segment, packet + 24, octets);
    return true;
  }

  /** Begins an RR (RFC 3550 section 6.4.2). */
  public boolean receiverReport(int ssrc) {
    if (!open(RtcpType.RR, 0, 8)) {
      return false;
    }
    Wire.putU32(segment, packet + 4, ssrc);
    return true;
  }

  /**
   * Adds a block to the report that was begun last. False also when that has 31 of them or is none.
   *
   * @param fractionLost 0 to 255
   * @param cumulativeLost beyond 24 bits it is cut off
   * @param lastSenderReport compact NTP time, 0 for none
   * @param delaySinceLastSenderReport in 1/65536 s
   */
  public boolean reportBlock(
      int ssrc,
      int fractionLost,
      long cumulativeLost,
      long extendedHighest,
      long jitter,
      int lastSenderReport,
      long delaySinceLastSenderReport) {
    boolean report = packetType == RtcpType.SR || packetType == RtcpType.RR;
    if (!report || count == MAX_REPORT_BLOCKS || !fits(ReportPacket.BLOCK_BYTES)) {
      return false;
    }
    long block = position;
    int lost = Math.clamp(cumulativeLost, MIN_CUMULATIVE_LOST, MAX_CUMULATIVE_LOST);
    Wire.putU32(segment, block, ssrc);
    Wire.putU8(segment, block + 4, fractionLost);
    Wire.putU24(segment, block + 5, lost);
    Wire.putU32(segment, block + 8, extendedHighest);
    Wire.putU32(segment, block + 12, jitter);
    Wire.putU32(segment, block + 16, lastSenderReport);
    Wire.putU32(segment, block + 20, delaySinceLastSenderReport);
    extend(ReportPacket.BLOCK_BYTES);
    count++;
    putFirst(count);
    return true;
  }

  /** An SDES with the canonical name of one source (RFC 3550 section 6.5.1), 1 to 255 bytes. */
  public boolean sourceDescription(int ssrc, MemorySegment name, long nameOffset, int nameLength) {
    if (nameLength < 1 || nameLength > MAX_CNAME_BYTES) {
      return false;
    }
    // Item header, name, and at least one zero that ends the list of items.
    int items = 2 + nameLength + 1;
    int padded = (items + 3) & ~3;
    if (!open(RtcpType.SDES, 1, 8 + padded)) {
      return false;
    }
    Wire.putU32(segment, packet + 4, ssrc);
    Wire.putU8(segment, packet + 8, SourceDescription.CNAME);
    Wire.putU8(segment, packet + 9, nameLength);
    Wire.copy(name, nameOffset, segment, packet + 10, nameLength);
    for (int i = items - 1; i < padded; i++) {
      Wire.putU8(segment, packet + 8 + i, SourceDescription.END);
    }
    return true;
  }

  /** A BYE of one source (RFC 3550 section 6.6), without a reason. */
  public boolean goodbye(int ssrc) {
    if (!open(RtcpType.BYE, 1, 8)) {
      return false;
    }
    Wire.putU32(segment, packet + 4, ssrc);
    return true;
  }

  /**
   * Asks for a lost packet (RFC 4585 section 6.2.1). Numbers given in ascending order share
   * entries, and the packet if sender and source are the same.
   */
  public boolean nack(int senderSsrc, int mediaSsrc, int sequenceNumber) {
    if (isOpenFeedback(RtcpType.RTPFB, RtcpType.NACK_FORMAT, senderSsrc, mediaSsrc)) {
      long entry = position - GenericNack.ENTRY_BYTES;
      int ahead = (sequenceNumber - Wire.u16(segment, entry)) & 0xffff;
      if (ahead == 0) {
        return true;
      }
      if (ahead <= NACK_MASK_BITS) {
        Wire.putU16(segment, entry + 2, Wire.u16(segment, entry + 2) | 1 << (ahead - 1));
        return true;
      }
      if (!fits(GenericNack.ENTRY_BYTES)) {
        return false;
      }
      extend(GenericNack.ENTRY_BYTES);
    } else if (!openFeedback(
        RtcpType.RTPFB, RtcpType.NACK_FORMAT, senderSsrc, mediaSsrc, GenericNack.ENTRY_BYTES)) {
      return false;
    }
    Wire.putU16(segment, position - GenericNack.ENTRY_BYTES, sequenceNumber);
    Wire.putU16(segment, position - 2, 0);
    return true;
  }

  /** A PLI (RFC 4585 section 6.3.1). */
  public boolean pictureLoss(int senderSsrc, int mediaSsrc) {
    return openFeedback(RtcpType.PSFB, RtcpType.PLI_FORMAT, senderSsrc, mediaSsrc, 0);
  }

  /**
   * Adds an entry to a FIR (RFC 5104 section 4.3.1).
   *
   * @param commandNumber its low 8 bits; a repetition of a command has the number of the first
   */
  public boolean fullIntraRequest(int senderSsrc, int mediaSsrc, int commandNumber) {
    if (isOpenFeedback(RtcpType.PSFB, RtcpType.FIR_FORMAT, senderSsrc, 0)) {
      if (!fits(FullIntraRequest.ENTRY_BYTES)) {
        return false;
      }
      extend(FullIntraRequest.ENTRY_BYTES);
    } else if (!openFeedback(
        RtcpType.PSFB, RtcpType.FIR_FORMAT, senderSsrc, 0, FullIntraRequest.ENTRY_BYTES)) {
      return false;
    }
    long entry = position - FullIntraRequest.ENTRY_BYTES;
    Wire.putU32(segment, entry, mediaSsrc);
    Wire.putU32(segment, entry + 4, (commandNumber & 0xffL) << 24);
    return true;
  }

  /**
   * A REMB (draft-alvestrand-rmcat-remb-03 section 2.2) for the first {@code ssrcCount} of the
   * streams, at most 255. The rate is rounded down to 18 significant bits.
   */
  public boolean receiverEstimate(int senderSsrc, long bitrateBps, int[] ssrcs, int ssrcCount) {
    int information = 8 + 4 * ssrcCount;
    if (ssrcCount < 0
        || ssrcCount > MAX_ESTIMATE_SSRCS
        || !openFeedback(
            RtcpType.PSFB, RtcpType.APPLICATION_LAYER_FORMAT, senderSsrc, 0, information)) {
      return false;
    }
    long bits = Math.max(0, bitrateBps);
    int significant = Long.SIZE - Long.numberOfLeadingZeros(bits);
    int exponent = Math.max(0, significant - ReceiverEstimate.MANTISSA_BITS);
    int mantissa = (int) (bits >>> exponent);
    Wire.putU32(segment, packet + 12, RtcpCompound.REMB_IDENTIFIER);
    Wire.putU8(segment, packet + 16, ssrcCount);
    Wire.putU24(segment, packet + 17, exponent << ReceiverEstimate.MANTISSA_BITS | mantissa);
    for (int i = 0; i < ssrcCount; i++) {
      Wire.putU32(segment, packet + ReceiverEstimate.FIXED_BYTES + 4L * i, ssrcs[i]);
    }
    return true;
  }

  /** One packet of what a recorder has to report; false when that is nothing or has no room. */
  public boolean transportFeedback(
      TransportFeedbackRecorder recorder, int senderSsrc, int mediaSsrc) {
    int written = recorder.write(segment, position, room(), senderSsrc, mediaSsrc);
    if (written == 0) {
      return false;
    }
    packetType = 0;
    position += written;
    return true;
  }

  private boolean fits(int bytes) {
    return bytes <= room();
  }

  private boolean open(int type, int initialCount, int bytes) {
    if (!fits(bytes)) {
      return false;
    }
    packet = position;
    packetType = type;
    count = initialCount;
    putFirst(initialCount);
    Wire.putU8(segment, packet + 1, type);
    extend(bytes);
    return true;
  }

  private boolean openFeedback(
      int type, int format, int senderSsrc, int mediaSsrc, int informationBytes) {
    if (!open(type, format, RtcpCompound.FEEDBACK_HEADER_BYTES + informationBytes)) {
      return false;
    }
    Wire.putU32(segment, packet + 4, senderSsrc);
    Wire.putU32(segment, packet + 8, mediaSsrc);
    return true;
  }

  private boolean isOpenFeedback(int type, int format, int senderSsrc, int mediaSsrc) {
    return packetType == type
        && count == format
        && Wire.i32(segment, packet + 4) == senderSsrc
        && Wire.i32(segment, packet + 8) == mediaSsrc;
  }

  private void putFirst(int countOrFormat) {
    Wire.putU8(segment, packet, RtcpCompound.VERSION << 6 | countOrFormat);
  }

  private void extend(int bytes) {
    position += bytes;
    Wire.putU16(segment, packet + 2, (int) (position - packet) / 4 - 1);
  }
}
