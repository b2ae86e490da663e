package dev.sotto.media.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads and writes unsigned integers in network byte order, at any alignment. A packet is a {@code
 * (MemorySegment, long offset, int length)} of a segment that its owner keeps; an offset outside of
 * the segment throws {@link IndexOutOfBoundsException}, so parsers check lengths against the
 * packet's own and never lean on that. Nothing is allocated.
 */
public final class Wire {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Wire() {}

  public static int u8(MemorySegment segment, long offset) {
    return segment.get(BYTE, offset) & 0xff;
  }

  public static int u16(MemorySegment segment, long offset) {
    return segment.get(SHORT, offset) & 0xffff;
  }

  public static int u24(MemorySegment segment, long offset) {
    return u8(segment, offset) << 16 | u16(segment, offset + 1);
  }

  public static long u32(MemorySegment segment, long offset) {
    return segment.get(INT, offset) & 0xffff_ffffL;
  }

  /** The same 32 bits as {@link #u32}, for what is compared and not calculated with: an SSRC. */
  public static int i32(MemorySegment segment, long offset) {
    return segment.get(INT, offset);
  }

  public static long i64(MemorySegment segment, long offset) {
    return segment.get(LONG, offset);
  }

  public static void putU8(MemorySegment segment, long offset, int value) {
    segment.set(BYTE, offset, (byte) value);
  }

  public static void putU16(MemorySegment segment, long offset, int value) {
    segment.set(SHORT, offset, (short) value);
  }

  public static void putU24(MemorySegment segment, long offset, int value) {
    putU8(segment, offset, value >>> 16);
    putU16(segment, offset + 1, value);
  }

  /** The low 32 bits of the value. */
  public static void putU32(MemorySegment segment, long offset, long value) {
    segment.set(INT, offset, (int) value);
  }

  public static void putI64(MemorySegment segment, long offset, long value) {
    segment.set(LONG, offset, value);
  }

  /** Copies bytes; the ranges may overlap. */
  public static void copy(
      MemorySegment from, long fromOffset, MemorySegment to, long toOffset, int length) {
    MemorySegment.copy(from, fromOffset, to, toOffset, length);
  }

  /** Sets bytes to zero. */
  public static void clear(MemorySegment segment, long offset, int length) {
    segment.asSlice(offset, length).fill((byte) 0);
  }
}
