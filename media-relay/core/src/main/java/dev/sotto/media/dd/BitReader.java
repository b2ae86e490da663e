package dev.sotto.media.dd;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/**
 * Reads unsigned integers of any width, high bit first: f(n) and ns(n) of A.8.2. Beyond the end it
 * yields zeros and remembers that it did, so a parser asks once, at its own end.
 */
final class BitReader {
  private MemorySegment segment = MemorySegment.NULL;
  private long offset;
  private int endBits;
  private int position;
  private boolean overrun;

  void wrap(MemorySegment source, long sourceOffset, int lengthBytes) {
    segment = source;
    offset = sourceOffset;
    endBits = lengthBytes * Byte.SIZE;
    position = 0;
    overrun = false;
  }

  /** In bits from the first one. */
  int position() {
    return position;
  }

  /** Within what was read before, so nothing is beyond the end again. */
  void moveTo(int positionBits) {
    position = positionBits;
    overrun = false;
  }

  boolean overrun() {
    return overrun;
  }

  boolean flag() {
    return read(1) != 0;
  }

  /** f(n) for up to 32 bits. */
  int read(int bits) {
    if (bits > endBits - position) {
      overrun = true;
      position = endBits;
      return 0;
    }
    int value = 0;
    int left = bits;
    while (left > 0) {
      int free = Byte.SIZE - (position & 7);
      int taken = Math.min(free, left);
      int octet = Wire.u8(segment, offset + (position >>> 3));
      value = (value << taken) | ((octet >>> (free - taken)) & ((1 << taken) - 1));
      position += taken;
      left -= taken;
    }
    return value;
  }

  /** ns(n): a value below {@code values}, in as few bits as it needs. */
  int readNonSymmetric(int values) {
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(values);
    int shorter = (1 << width) - values;
    int value = read(width - 1);
    return value < shorter ? value : (value << 1) - shorter + read(1);
  }
}
