package dev.sotto.media.rtcp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Flyweight over a REMB (draft-alvestrand-rmcat-remb-03 section 2.2): the bit rate that a receiver
 * estimates for all the streams it names together.
 */
public final class ReceiverEstimate {
  static final int FIXED_BYTES = RtcpCompound.FEEDBACK_HEADER_BYTES + 8;
  static final int MANTISSA_BITS = 18;

  private static final int COUNT_OFFSET = 16;
  private static final int MANTISSA_MASK = (1 << MANTISSA_BITS) - 1;

  private MemorySegment segment = MemorySegment.NULL;
  private long offset;

  /** False when the packet is something else or shorter than its count of streams says. */
  public boolean wrap(RtcpCompound compound) {
    segment = compound.segment();
    offset = compound.offset();
    return compound.type() == RtcpType.RECEIVER_ESTIMATE
        && compound.length() >= FIXED_BYTES
        && compound.length() >= FIXED_BYTES + 4 * ssrcCount();
  }

  public int senderSsrc() {
    return Wire.i32(segment, offset + 4);
  }

  /** Bits per second; what is beyond 63 bits is cut off. */
  public long bitrateBps() {
    int word = Wire.u24(segment, offset + COUNT_OFFSET + 1);
    int exponent = word >>> MANTISSA_BITS;
    long mantissa = word & MANTISSA_MASK;
    return mantissa != 0 && exponent >= Long.numberOfLeadingZeros(mantissa)
        ? Long.MAX_VALUE
        : mantissa << exponent;
  }

  public int ssrcCount() {
    return Wire.u8(segment, offset + COUNT_OFFSET);
  }

  /** The one of this index, below {@link #ssrcCount}. */
  public int ssrc(int index) {
    return Wire.i32(segment, offset + FIXED_BYTES + 4L * index);
  }
}
