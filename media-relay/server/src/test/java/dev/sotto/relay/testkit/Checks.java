package dev.sotto.relay.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Connectivity checks as a controlling agent makes them (RFC 8445 section 7.2.2). */
public final class Checks {
  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final int FINGERPRINT_XOR = 0x5354554e;

  private Checks() {}

  private static final int CONTROLLED = 0x8029;
  private static final int CONTROLLING = 0x802A;

  /** A Binding request that nominates. */
  public static byte[] nominating(
      String remoteUfrag, String remotePassword, String localUfrag, RandomGenerator random) {
    return check(remoteUfrag, remotePassword, localUfrag, CONTROLLING, random);
  }

  /** A Binding request of an agent that takes the controlled role. */
  public static byte[] controlled(
      String remoteUfrag, String remotePassword, String localUfrag, RandomGenerator random) {
    return check(remoteUfrag, remotePassword, localUfrag, CONTROLLED, random);
  }

  private static byte[] check(
      String remoteUfrag,
      String remotePassword,
      String localUfrag,
      int role,
      RandomGenerator random) {
    ByteBuffer message = ByteBuffer.allocate(256);
    message.putShort((short) 0x0001).putShort((short) 0).putInt(MAGIC_COOKIE);
    byte[] transaction = new byte[12];
    random.nextBytes(transaction);
    message.put(transaction);
    put(message, 0x0006, (remoteUfrag + ":" + localUfrag).getBytes(StandardCharsets.US_ASCII));
    put(message, 0x0024, ByteBuffer.allocate(4).putInt(0x6e0001ff).array());
    put(message, role, ByteBuffer.allocate(8).putLong(random.nextLong()).array());
    if (role == CONTROLLING) {
      put(message, 0x0025, new byte[0]);
    }
    message.putShort(2, (short) (message.position() - 20 + 24));
    put(message, 0x0008, hmac(message, remotePassword));
    message.putShort(2, (short) (message.position() - 20 + 8));
    CRC32 crc = new CRC32();
    crc.update(message.array(), 0, message.position());
    put(
        message,
        0x8028,
        ByteBuffer.allocate(4).putInt((int) crc.getValue() ^ FINGERPRINT_XOR).array());
    byte[] bytes = new byte[message.position()];
    message.flip().get(bytes);
    return bytes;
  }

  /** Whether a datagram is the success response to a Binding request. */
  public static boolean isSuccess(byte[] datagram, int length) {
    return length >= 20 && datagram[0] == 1 && datagram[1] == 1;
  }

  private static void put(ByteBuffer message, int type, byte[] value) {
    message.putShort((short) type).putShort((short) value.length).put(value);
    while (message.position() % 4 != 0) {
      message.put((byte) 0);
    }
  }

  private static byte[] hmac(ByteBuffer message, String password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
      mac.update(message.duplicate().flip());
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
