package dev.sotto.media.rtcp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Flyweight over a FIR (RFC 5104 section 4.3.1): the streams that a key frame is asked of, each
 * with the command's number, by which a repetition is told from a new command.
 */
public final class FullIntraRequest {
  static final int ENTRY_BYTES = 8;

  private MemorySegment segment = MemorySegment.NULL;
  private long offset;
  private int entryCount;

  /** False when the packet is something else or has no entry. */
  public boolean wrap(RtcpCompound compound) {
    segment = compound.segment();
    offset = compound.offset();
    int entriesLength = compound.length() - RtcpCompound.FEEDBACK_HEADER_BYTES;
    entryCount =
        compound.type() == RtcpType.FULL_INTRA_REQUEST && entriesLength > 0
            ? entriesLength / ENTRY_BYTES
            : 0;
    return entryCount > 0;
  }

  public int senderSsrc() {
    return Wire.i32(segment, offset + 4);
  }

  public int entryCount() {
    return entryCount;
  }

  /** The one of this index, below {@link #entryCount}. */
  public int ssrc(int index) {
    return Wire.i32(segment, entry(index));
  }

  /** The command's number, 0 to 255. */
  public int commandNumber(int index) {
    return Wire.u8(segment, entry(index) + 4);
  }

  private long entry(int index) {
    return offset + RtcpCompound.FEEDBACK_HEADER_BYTES + (long) ENTRY_BYTES * index;
  }
}
