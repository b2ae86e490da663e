package dev.sotto.media.rtcp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Cursor over the sequence numbers that a generic NACK asks for (RFC 4585 section 6.2.1): each
 * entry is one number and a mask of the 16 after it.
 */
public final class GenericNack {
  static final int ENTRY_BYTES = 4;

  private MemorySegment segment = MemorySegment.NULL;
  private long offset;
  private long entry;
  private long end;
  private int first;
  private int mask;
  private int sequenceNumber;

  /** Goes to the place before the first number; false when it is no NACK or has no entry. */
  public boolean wrap(RtcpCompound compound) {
    segment = compound.segment();
    offset = compound.offset();
    entry = offset + RtcpCompound.FEEDBACK_HEADER_BYTES;
    end = offset + compound.length();
    mask = 0;
    if (compound.type() != RtcpType.NACK || end - entry < ENTRY_BYTES) {
      entry = end;
      return false;
    }
    return true;
  }

  public int senderSsrc() {
    return Wire.i32(segment, offset + 4);
  }

  /** The stream that the numbers are of. */
  public int mediaSsrc() {
    return Wire.i32(segment, offset + 8);
  }

  /** Goes to the next number; false when there is none. */
  public boolean next() {
    if (mask != 0) {
      sequenceNumber = first + 1 + Integer.numberOfTrailingZeros(mask) & 0xffff;
      mask &= mask - 1;
      return true;
    }
    if (end - entry < ENTRY_BYTES) {
      return false;
    }
    first = Wire.u16(segment, entry);
    mask = Wire.u16(segment, entry + 2);
    entry += ENTRY_BYTES;
    sequenceNumber = first;
    return true;
  }

  public int sequenceNumber() {
    return sequenceNumber;
  }
}
