package dev.sotto.media.rtcp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/** Flyweight over a PLI (RFC 4585 section 6.3.1): it has no parameters but the two sources. */
public final class PictureLossIndication {
  private MemorySegment segment = MemorySegment.NULL;
  private long offset;

  /** False when the packet is something else or too short. */
  public boolean wrap(RtcpCompound compound) {
    segment = compound.segment();
    offset = compound.offset();
    return compound.type() == RtcpType.PICTURE_LOSS
        && compound.length() >= RtcpCompound.FEEDBACK_HEADER_BYTES;
  }

  public int senderSsrc() {
    return Wire.i32(segment, offset + 4);
  }

  /** The stream that lost a picture. */
  public int mediaSsrc() {
    return Wire.i32(segment, offset + 8);
  }
}
