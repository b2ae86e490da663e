package dev.sotto.media.srtp.crypto;

import java.lang.foreign.MemorySegment;

/**
 * AES-GCM with a 96-bit initialisation vector and a 128-bit tag that stands right behind the
 * ciphertext. The associated data are the {@code aadLength} bytes right before the text (before the
 * destination when sealing, before the source when opening), and after them one word of 32 bits
 * unless {@code aadWord} is {@link #NO_WORD}. Source and destination are the same place or
 * disjoint.
 */
public interface AesGcm extends AutoCloseable {
  int TAG_BYTES = 16;

  /** In place of a word of associated data: there is none. */
  long NO_WORD = -1;

  /**
   * Encrypts {@code length} bytes and writes the tag behind them. The same vector twice with
   * different bytes gives the authentication key away: its uniqueness is the caller's.
   */
  void seal(
      long ivHigh,
      int ivLow,
      int aadLength,
      long aadWord,
      MemorySegment source,
      long sourceOffset,
      MemorySegment destination,
      long destinationOffset,
      int length);

  /**
   * Checks the tag behind the {@code length} bytes of ciphertext and decrypts them. After false
   * nothing of the plaintext is in the destination.
   */
  boolean open(
      long ivHigh,
      int ivLow,
      int aadLength,
      long aadWord,
      MemorySegment source,
      long sourceOffset,
      MemorySegment destination,
      long destinationOffset,
      int length);

  @Override
  void close();
}
