package dev.sotto.media.srtp.crypto;

import java.lang.foreign.MemorySegment;

/**
 * HMAC-SHA1 truncated to its first 80 bits, handed out as a long and a short so that tags compare
 * in constant time and nothing is allocated. The tag is the one of the last {@link #digest}.
 */
public interface HmacSha1 extends AutoCloseable {
  int TAG_BYTES = 10;

  void digest(MemorySegment data, long offset, int length);

  /** The first 64 bits of the tag. */
  long tagHigh();

  /** The last 16 bits of the tag, unsigned. */
  int tagLow();

  @Override
  void close();
}
