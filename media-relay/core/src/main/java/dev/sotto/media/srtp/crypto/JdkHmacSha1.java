package dev.sotto.media.srtp.crypto;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA1 by the JDK. */
final class JdkHmacSha1 implements HmacSha1 {
  private final Mac mac;
  private final HeapBuffer buffer = new HeapBuffer();
  private final byte[] digest = new byte[20];
  private final ByteBuffer tag = ByteBuffer.wrap(digest);

  JdkHmacSha1(byte[] key) {
    try {
      mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void digest(MemorySegment data, long offset, int length) {
    buffer.read(data, offset, length);
    mac.update(buffer.bytes, 0, length);
    try {
      mac.doFinal(digest, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public long tagHigh() {
    return tag.getLong(0);
  }

  @Override
  public int tagLow() {
    return tag.getShort(8) & 0xffff;
  }

  @Override
  public void close() {
    buffer.clear();
    Arrays.fill(digest, (byte) 0);
  }
}
