package dev.sotto.media.srtp.crypto;

import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-GCM by the JDK. The JDK refuses to encrypt with the vector of the packet before; where that
 * is the same packet once more, a fresh cipher does it.
 */
final class JdkGcm implements AesGcm {
  private final SecretKeySpec key;
  private final HeapBuffer in = new HeapBuffer();
  private final HeapBuffer out = new HeapBuffer();
  private final byte[] word = new byte[4];
  private Cipher cipher = Ciphers.cipher("AES/GCM/NoPadding");
  private boolean sealedBefore;
  private long lastIvHigh;
  private int lastIvLow;

  JdkGcm(byte[] key) {
    this.key = Ciphers.aesKey(key);
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
    if (sealedBefore && ivHigh == lastIvHigh && ivLow == lastIvLow) {
      cipher = Ciphers.cipher("AES/GCM/NoPadding");
    }
    sealedBefore = true;
    lastIvHigh = ivHigh;
    lastIvLow = ivLow;
    try {
      start(Cipher.ENCRYPT_MODE, ivHigh, ivLow);
      authenticate(aadLength, aadWord, destination, destinationOffset);
      in.read(source, sourceOffset, length);
      out.ensure(length + TAG_BYTES);
      cipher.doFinal(in.bytes, 0, length, out.bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    out.write(destination, destinationOffset, length + TAG_BYTES);
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
    try {
      start(Cipher.DECRYPT_MODE, ivHigh, ivLow);
      authenticate(aadLength, aadWord, source, sourceOffset);
      in.read(source, sourceOffset, length + TAG_BYTES);
      out.ensure(length);
      cipher.doFinal(in.bytes, 0, length + TAG_BYTES, out.bytes);
    } catch (AEADBadTagException _) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    out.write(destination, destinationOffset, length);
    return true;
  }

  private void start(int mode, long ivHigh, int ivLow) throws GeneralSecurityException {
    byte[] iv = new byte[12];
    Ciphers.putLong(iv, 0, ivHigh);
    Ciphers.putInt(iv, 8, ivLow);
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, iv));
  }

  private void authenticate(int length, long aadWord, MemorySegment packet, long textOffset) {
    in.read(packet, textOffset - length, length);
    cipher.updateAAD(in.bytes, 0, length);
    if (aadWord != NO_WORD) {
      Ciphers.putInt(word, 0, (int) aadWord);
      cipher.updateAAD(word);
    }
  }

  @Override
  public void close() {
    in.clear();
    out.clear();
  }
}
