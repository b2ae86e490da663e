package dev.sotto.media.dd;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/** Appends unsigned integers of any width, high bit first. Its caller has made sure of the room. */
final class BitWriter {
  private MemorySegment segment = MemorySegment.NULL;
  private long offset;
  private int position;

  void wrap(MemorySegment target, long targetOffset) {
    segment = target;
    offset = targetOffset;
    position = 0;
  }

  /** The low bits of the value; up to 32. */
  void write(int value, int bits) {
    int left = bits;
    while (left > 0) {
      int used = position & 7;
      int taken = Math.min(Byte.SIZE - used, left);
      int part = (value >>> (left - taken)) & ((1 << taken) - 1);
      long at = offset + (position >>> 3);
      int before = used == 0 ? 0 : Wire.u8(segment, at);
      Wire.putU8(segment, at, before | (part << (Byte.SIZE - used - taken)));
      position += taken;
      left -= taken;
    }
  }

  void copy(BitReader from, int bits) {
    int left = bits;
    while (left > 0) {
      int taken = Math.min(Integer.SIZE, left);
      write(from.read(taken), taken);
      left -= taken;
    }
  }

  void flag(boolean value) {
    write(value ? 1 : 0, 1);
  }
}
