package dev.sotto.media.srtp.crypto;

import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in counter mode by the JDK. */
final class JdkCounter implements AesCounter {
  private final Cipher cipher = Ciphers.cipher("AES/CTR/NoPadding");
  private final SecretKeySpec key;
  private final HeapBuffer buffer = new HeapBuffer();
  private final byte[] counter = new byte[16];

  JdkCounter(byte[] key) {
    this.key = Ciphers.aesKey(key);
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
    Ciphers.putLong(counter, 0, counterHigh);
    Ciphers.putLong(counter, 8, counterLow);
    buffer.read(source, sourceOffset, length);
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
      cipher.doFinal(buffer.bytes, 0, length, buffer.bytes, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    buffer.write(destination, destinationOffset, length);
  }

  @Override
  public void close() {
    buffer.clear();
  }
}
