package dev.sotto.media.ice;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Writes STUN messages by hand, right or wrong, without the library under test. */
final class Check {
  static final int USERNAME = 0x0006;
  static final int MESSAGE_INTEGRITY = 0x0008;
  static final int PRIORITY = 0x0024;
  static final int USE_CANDIDATE = 0x0025;
  static final int FINGERPRINT = 0x8028;
  static final int ICE_CONTROLLED = 0x8029;
  static final int ICE_CONTROLLING = 0x802A;

  private static final byte[] TRANSACTION = "transaction!".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COOKIE = {0x21, 0x12, (byte) 0xA4, 0x42};
  private static final int FINGERPRINT_MASK = 0x5354554E;

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int type = 0x0001;

  /** A check as a controlling agent sends it, not signed yet. */
  static Check from(String username) {
    return new Check()
        .with(USERNAME, username.getBytes(StandardCharsets.UTF_8))
        .with(PRIORITY, new byte[] {0x6e, 0, 1, (byte) 0xff})
        .with(ICE_CONTROLLING, new byte[8]);
  }

  Check ofType(int messageType) {
    type = messageType;
    return this;
  }

  Check nominating() {
    return with(USE_CANDIDATE);
  }

  Check with(int attribute, byte... value) {
    body.writeBytes(
        ByteBuffer.allocate(4).putShort((short) attribute).putShort((short) value.length).array());
    body.writeBytes(value);
    body.writeBytes(new byte[-value.length & 3]);
    return this;
  }

  /** Bytes in the place of attributes, whole or not. */
  Check raw(byte... attributes) {
    body.writeBytes(attributes);
    return this;
  }

  Check integrity(String password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return with(MESSAGE_INTEGRITY, mac.doFinal(message(24)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  Check fingerprint() {
    CRC32 crc = new CRC32();
    crc.update(message(8));
    int value = (int) crc.getValue() ^ FINGERPRINT_MASK;
    return with(FINGERPRINT, ByteBuffer.allocate(4).putInt(value).array());
  }

  byte[] bytes() {
    return message(0);
  }

  MemorySegment segment() {
    return segment(bytes());
  }

  static MemorySegment segment(byte[] bytes) {
    MemorySegment segment = Arena.ofAuto().allocate(Math.max(1, bytes.length));
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment.asSlice(0, bytes.length);
  }

  /** The message so far, whose length counts what is still to come. */
  private byte[] message(int more) {
    return ByteBuffer.allocate(20 + body.size())
        .putShort((short) type)
        .putShort((short) (body.size() + more))
        .put(COOKIE)
        .put(TRANSACTION)
        .put(body.toByteArray())
        .array();
  }

  static byte[] transaction() {
    return Arrays.copyOf(TRANSACTION, TRANSACTION.length);
  }
}
