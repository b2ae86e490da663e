package dev.sotto.turn.stun;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32;

/**
 * FINGERPRINT (RFC 8489 section 14.7): CRC-32 over the message before the attribute, XOR-ed with
 * "STUN".
 */
public final class Fingerprint {
  private static final int XOR = 0x5354554E;

  private Fingerprint() {}

  /** Whether the message has no FINGERPRINT or the right one. */
  public static boolean isAbsentOrRight(StunMessage message) {
    int index = message.indexOf(AttributeType.FINGERPRINT);
    if (index < 0) {
      return true;
    }
    int attribute = message.valueOffset(index) - StunMessage.ATTRIBUTE_HEADER_BYTES;
    int expected = compute(message.buffer(), message.start(), attribute - message.start());
    return (int) message.unsignedInt(index) == expected;
  }

  static int compute(ByteBuf buffer, int start, int lengthBytes) {
    CRC32 crc = new CRC32();
    crc.update(buffer.nioBuffer(start, lengthBytes));
    return (int) crc.getValue() ^ XOR;
  }
}
