package dev.sotto.media.srtp.crypto;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.MemorySegment;

/** AES in counter mode by EVP. */
final class LibcryptoCounter extends LibcryptoCipher implements AesCounter {
  LibcryptoCounter(byte[] key) {
    super(counter(key), key, OWN);
  }

  @Override
  public void apply(
      long counterHigh,
      long counterLow,
      MemorySegment source,
      long sourceOffset,
      MemorySegment destination,
      long destinationOffset,
      int length) {
    Wire.putI64(memory, IV, counterHigh);
    Wire.putI64(memory, IV + 8, counterLow);
    long own = memory.address();
    LibcryptoFunctions.encryptInit(context, 0, 0, own + IV);
    LibcryptoFunctions.encryptUpdate(
        context,
        destination.address() + destinationOffset,
        own + OUT_LENGTH,
        source.address() + sourceOffset,
        length);
  }
}
