package dev.sotto.media.srtp.crypto;

/**
 * Makes keyed primitives. What it makes is owned by one thread at a time and holds key material
 * until it is closed. Keys are copied: the caller may clear its array at once.
 */
public interface CryptoEngine {
  /** One line for a log: which implementation, which version. */
  String description();

  /** A key of 16 or 32 bytes. */
  AesGcm aesGcm(byte[] key);

  /** A key of 16 or 32 bytes. */
  AesCounter aesCounter(byte[] key);

  /** A key of up to 64 bytes. */
  HmacSha1 hmacSha1(byte[] key);
}
