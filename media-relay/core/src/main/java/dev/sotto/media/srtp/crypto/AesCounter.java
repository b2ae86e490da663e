package dev.sotto.media.srtp.crypto;

import java.lang.foreign.MemorySegment;

/**
 * AES in counter mode: XORs a key stream that starts at a 128-bit counter block onto bytes, which
 * encrypts and decrypts alike. Source and destination are the same place or disjoint.
 */
public interface AesCounter extends AutoCloseable {
  void apply(
      long counterHigh,
      long counterLow,
      MemorySegment source,
      long sourceOffset,
      MemorySegment destination,
      long destinationOffset,
      int length);

  @Override
  void close();
}
