package dev.sotto.media.srtp.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * An array that grows to the largest packet seen and carries bytes between a segment and a cipher.
 */
final class HeapBuffer {
  /** Most datagrams: an Ethernet frame and what SRTP adds. */
  private static final int FIRST_BYTES = 2048;

  byte[] bytes = new byte[FIRST_BYTES];

  void ensure(int length) {
    if (bytes.length < length) {
      bytes = new byte[Math.max(length, 2 * bytes.length)];
    }
  }

  void read(MemorySegment segment, long offset, int length) {
    ensure(length);
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
  }

  void write(MemorySegment segment, long offset, int length) {
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, offset, length);
  }

  void clear() {
    Arrays.fill(bytes, (byte) 0);
  }
}
