package dev.sotto.media.rtcp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Flyweight over a sender or receiver report (RFC 3550 sections 6.4.1 and 6.4.2): the sender's
 * clock and counts, and a cursor over the report blocks. Profile-specific extensions are skipped.
 */
public final class ReportPacket {
  static final int SENDER_INFO_BYTES = 20;
  static final int BLOCK_BYTES = 24;

  private static final int FIXED_BYTES = 8;

  private MemorySegment segment = MemorySegment.NULL;
  private long offset;
  private long block;
  private int blocksLeft;
  private boolean senderReport;

  /**
   * Points this flyweight at the present packet of a compound.
   *
   * @return false when it is no report or shorter than its count of blocks says
   */
  public boolean wrap(RtcpCompound compound) {
    segment = compound.segment();
    offset = compound.offset();
    blocksLeft = 0;
    senderReport = compound.type() == RtcpType.SENDER_REPORT;
    if (!senderReport && compound.type() != RtcpType.RECEIVER_REPORT) {
      return false;
    }
    int head = FIXED_BYTES + (senderReport ? SENDER_INFO_BYTES : 0);
    if (compound.length() < head + compound.count() * BLOCK_BYTES) {
      return false;
    }
    blocksLeft = compound.count();
    block = offset + head - BLOCK_BYTES;
    return true;
  }

  /** Whether the sender's clock and counts are there. */
  public boolean isSenderReport() {
    return senderReport;
  }

  public int senderSsrc() {
    return Wire.i32(segment, offset + 4);
  }

  /** Of a sender report: its time, see {@link dev.sotto.media.rtp.NtpTime}. */
  public long ntp() {
    return Wire.i64(segment, offset + 8);
  }

  /** Of a sender report: the same instant in the media's clock, 0 to 2^32 - 1. */
  public long rtpTimestamp() {
    return Wire.u32(segment, offset + 16);
  }

  /** Of a sender report: packets sent so far, modulo 2^32. */
  public long packetCount() {
    return Wire.u32(segment, offset + 20);
  }

  /** Of a sender report: bytes of payload sent so far, modulo 2^32. */
  public long octetCount() {
    return Wire.u32(segment, offset + 24);
  }

  /** Goes to the next report block; false when there is none. */
  public boolean nextBlock() {
    if (blocksLeft == 0) {
      return false;
    }
    blocksLeft--;
    block += BLOCK_BYTES;
    return true;
  }

  /** Of the present block: the source that it is about. */
  public int blockSsrc() {
    return Wire.i32(segment, block);
  }

  /** Of the present block: loss since the report before, in 1/256. */
  public int fractionLost() {
    return Wire.u8(segment, block + 4);
  }

  /** Of the present block: packets lost so far, negative when duplicates outnumber them. */
  public int cumulativeLost() {
    return Wire.u24(segment, block + 5) << 8 >> 8;
  }

  /** Of the present block: cycles in the upper, highest sequence number in the lower 16 bits. */
  public long extendedHighest() {
    return Wire.u32(segment, block + 8);
  }

  /** Of the present block: interarrival jitter in units of the media's clock. */
  public long jitter() {
    return Wire.u32(segment, block + 12);
  }

  /** Of the present block: the compact time of the last sender report received, 0 if none. */
  public int lastSenderReport() {
    return Wire.i32(segment, block + 16);
  }

  /** Of the present block: the delay since then in units of 1/65536 s. */
  public long delaySinceLastSenderReport() {
    return Wire.u32(segment, block + 20);
  }
}
