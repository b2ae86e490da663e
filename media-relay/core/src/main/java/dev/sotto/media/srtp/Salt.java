package dev.sotto.media.srtp;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A salt as two words in network order, with zeros behind it up to 128 bits. */
final class Salt {
  private Salt() {}

  static long high(byte[] salt) {
    return Wire.i64(padded(salt), 0);
  }

  static long low(byte[] salt) {
    return Wire.i64(padded(salt), 8);
  }

  private static MemorySegment padded(byte[] salt) {
    return MemorySegment.ofArray(Arrays.copyOf(salt, 16));
  }
}
