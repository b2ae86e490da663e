package dev.sotto.media.srtp.crypto;

import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * AES-GCM by EVP. The tag goes through an OSSL_PARAM that is laid out once and only pointed at the
 * packet: set together with the vector when opening (one call less), read by get_params when
 * sealing (EVP_CIPHER_CTX_ctrl does the same 20 ns slower).
 */
final class LibcryptoGcm extends LibcryptoCipher implements AesGcm {
  private static final int WORD = OWN;
  private static final int PARAMETER = OWN + 8;
  private static final int PARAMETER_DATA = PARAMETER + 16;

  /** OSSL_PARAM: key, type, data, size and size returned, 8 bytes each, then one with no key. */
  private static final int PARAMETERS_BYTES = 80;

  private static final int OCTET_STRING = 5;
  private static final MemorySegment TAG_NAME = Arena.global().allocateFrom("tag");

  LibcryptoGcm(byte[] key) {
    super(gcm(key), key, PARAMETER + PARAMETERS_BYTES);
    memory.set(ValueLayout.JAVA_LONG, PARAMETER, TAG_NAME.address());
    memory.set(ValueLayout.JAVA_INT, PARAMETER + 8, OCTET_STRING);
    memory.set(ValueLayout.JAVA_LONG, PARAMETER + 24, TAG_BYTES);
  }

  @Override
  public void seal(
      long ivHigh,
      int ivLow,
      int aadLength,
      long aadWord,
      MemorySegment source,
      long sourceOffset,
      MemorySegment destination,
      long destinationOffset,
      int length) {
    long in = source.address() + sourceOffset;
    long out = destination.address() + destinationOffset;
    long own = prepare(ivHigh, ivLow, out + length);
    LibcryptoFunctions.encryptInit(context, 0, 0, own + IV);
    LibcryptoFunctions.encryptUpdate(context, 0, own + OUT_LENGTH, out - aadLength, aadLength);
    if (aadWord != NO_WORD) {
      Wire.putU32(memory, WORD, aadWord);
      LibcryptoFunctions.encryptUpdate(context, 0, own + OUT_LENGTH, own + WORD, 4);
    }
    if (length > 0) {
      LibcryptoFunctions.encryptUpdate(context, out, own + OUT_LENGTH, in, length);
    }
    LibcryptoFunctions.encryptFinal(context, out + length, own + OUT_LENGTH);
    LibcryptoFunctions.parameters(context, own + PARAMETER);
  }

  @Override
  public boolean open(
      long ivHigh,
      int ivLow,
      int aadLength,
      long aadWord,
      MemorySegment source,
      long sourceOffset,
      MemorySegment destination,
      long destinationOffset,
      int length) {
    long in = source.address() + sourceOffset;
    long out = destination.address() + destinationOffset;
    long own = prepare(ivHigh, ivLow, in + length);
    LibcryptoFunctions.decryptInit(context, own + IV, own + PARAMETER);
    LibcryptoFunctions.decryptUpdate(context, 0, own + OUT_LENGTH, in - aadLength, aadLength);
    if (aadWord != NO_WORD) {
      Wire.putU32(memory, WORD, aadWord);
      LibcryptoFunctions.decryptUpdate(context, 0, own + OUT_LENGTH, own + WORD, 4);
    }
    if (length > 0) {
      LibcryptoFunctions.decryptUpdate(context, out, own + OUT_LENGTH, in, length);
    }
    if (LibcryptoFunctions.decryptFinal(context, out + length, own + OUT_LENGTH)) {
      return true;
    }
    LibcryptoFunctions.cleanse(out, length);
    return false;
  }

  private long prepare(long ivHigh, int ivLow, long tag) {
    Wire.putI64(memory, IV, ivHigh);
    Wire.putU32(memory, IV + 8, ivLow);
    memory.set(ValueLayout.JAVA_LONG, PARAMETER_DATA, tag);
    return memory.address();
  }
}
