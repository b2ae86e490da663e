package dev.sotto.media.rtp.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/** Packets in native memory that goes with its last reference. */
public final class Bytes {
  private Bytes() {}

  public static MemorySegment of(byte[] bytes) {
    MemorySegment segment = allocate(bytes.length);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  /** From hexadecimal digits, with or without spaces. */
  public static MemorySegment hex(String digits) {
    return of(HexFormat.of().parseHex(digits.replace(" ", "")));
  }

  public static MemorySegment allocate(int bytes) {
    return Arena.ofAuto().allocate(Math.max(1, bytes)).asSlice(0, bytes);
  }

  public static String hex(MemorySegment segment, long offset, int length) {
    return HexFormat.of().formatHex(array(segment, offset, length));
  }

  public static byte[] array(MemorySegment segment, long offset, int length) {
    return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
