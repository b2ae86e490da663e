package dev.sotto.media.srtp.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One EVP_CIPHER_CTX that is keyed once and gets a new vector per packet, with a block of native
 * memory beside it for the vector and for what libcrypto writes back. Both are freed by {@link
 * #close}, after which the context is 0 and the memory empty.
 */
abstract class LibcryptoCipher implements AutoCloseable {
  static final int IV = 0;
  static final int OUT_LENGTH = 16;
  static final int OWN = 24;

  /** Fetched once and for all: a fetch takes a lock and walks the providers. */
  private static final long AES_128_GCM = cipher("AES-128-GCM");

  private static final long AES_256_GCM = cipher("AES-256-GCM");
  private static final long AES_128_CTR = cipher("AES-128-CTR");
  private static final long AES_256_CTR = cipher("AES-256-CTR");

  long context;
  MemorySegment memory;

  LibcryptoCipher(long cipher, byte[] key, int memoryBytes) {
    memory = LibcryptoFunctions.allocate(memoryBytes);
    context = LibcryptoFunctions.newContext();
    MemorySegment nativeKey = LibcryptoFunctions.allocate(key.length);
    try {
      nativeKey.copyFrom(MemorySegment.ofArray(key));
      LibcryptoFunctions.encryptInit(context, cipher, nativeKey.address(), memory.address());
    } finally {
      LibcryptoFunctions.clearAndFree(nativeKey);
    }
  }

  static long gcm(byte[] key) {
    return byKeyLength(key, AES_128_GCM, AES_256_GCM);
  }

  static long counter(byte[] key) {
    return byKeyLength(key, AES_128_CTR, AES_256_CTR);
  }

  private static long byKeyLength(byte[] key, long of128Bits, long of256Bits) {
    return switch (key.length) {
      case 16 -> of128Bits;
      case 32 -> of256Bits;
      default -> throw new IllegalArgumentException("AES keys of 16 or 32 bytes only");
    };
  }

  private static long cipher(String name) {
    try (Arena arena = Arena.ofConfined()) {
      long cipher = LibcryptoFunctions.cipher(arena.allocateFrom(name));
      if (cipher == 0) {
        throw new IllegalStateException("libcrypto has no " + name);
      }
      return cipher;
    }
  }

  @Override
  public void close() {
    if (context != 0) {
      LibcryptoFunctions.freeContext(context);
      LibcryptoFunctions.clearAndFree(memory);
      context = 0;
      memory = MemorySegment.NULL;
    }
  }
}
