package dev.sotto.media.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/** Native memory for tests, in and out of hexadecimal. */
public final class Memory {
  /** Room behind every packet for what its protection adds. */
  private static final int ROOM = 64;

  private Memory() {}

  public static MemorySegment of(byte[] bytes) {
    MemorySegment segment = Arena.ofAuto().allocate(bytes.length + ROOM, 1);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  public static MemorySegment ofHex(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  public static byte[] bytes(MemorySegment segment, long offset, long length) {
    return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  public static String hex(MemorySegment segment, long offset, long length) {
    return HexFormat.of().formatHex(bytes(segment, offset, length));
  }
}
