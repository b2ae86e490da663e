package dev.sotto.media.rtcp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/** Flyweight over a BYE (RFC 3550 section 6.6): the sources that leave. The reason is skipped. */
public final class Goodbye {
  private MemorySegment segment = MemorySegment.NULL;
  private long offset;
  private int ssrcCount;

  /** False when the packet is something else or shorter than its count of sources says. */
  public boolean wrap(RtcpCompound compound) {
    segment = compound.segment();
    offset = compound.offset();
    ssrcCount = 0;
    if (compound.type() != RtcpType.GOODBYE
        || compound.length() < RtcpCompound.HEADER_BYTES + 4 * compound.count()) {
      return false;
    }
    ssrcCount = compound.count();
    return true;
  }

  /** 0 to 31. */
  public int ssrcCount() {
    return ssrcCount;
  }

  /** The one of this index, below {@link #ssrcCount}. */
  public int ssrc(int index) {
    return Wire.i32(segment, offset + RtcpCompound.HEADER_BYTES + 4L * index);
  }
}
