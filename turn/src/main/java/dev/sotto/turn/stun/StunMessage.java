package dev.sotto.turn.stun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Flyweight over one received STUN message (RFC 8489 section 5). {@link #wrap} checks the whole
 * structure once and remembers where the attributes are; nothing is copied. One instance serves one
 * event loop, message after message.
 *
 * <pre>
 *  0                   1                   2                   3
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0 0|     Message Type          |         Message Length        |
 * |                    Magic Cookie 0x2112A442                    |
 * |                 Transaction ID (96 bits)                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class StunMessage {
  public static final int HEADER_BYTES = 20;
  public static final int ATTRIBUTE_HEADER_BYTES = 4;
  public static final int TRANSACTION_ID_BYTES = 12;
  public static final int MAGIC_COOKIE = 0x2112A442;

  /** More attributes than any known client sends; a message beyond it is treated as malformed. */
  static final int MAX_ATTRIBUTES = 64;

  static final int LENGTH_OFFSET = 2;
  static final int COOKIE_OFFSET = 4;
  private static final int TRANSACTION_ID_OFFSET = 8;

  private final int[] types = new int[MAX_ATTRIBUTES];
  private final int[] valueOffsets = new int[MAX_ATTRIBUTES];
  private final int[] valueLengths = new int[MAX_ATTRIBUTES];
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private int start;
  private int attributeCount;

  /**
   * Points this flyweight at the readable bytes of {@code datagram}, which must be exactly one
   * message. Attributes that follow an integrity attribute, and that it therefore does not protect,
   * are left out (RFC 8489 section 14.5).
   *
   * @return false when the bytes are not a well-formed STUN message; the flyweight must not be read
   *     then
   */
  public boolean wrap(ByteBuf datagram) {
    buffer = datagram;
    start = datagram.readerIndex();
    attributeCount = 0;
    int totalBytes = datagram.readableBytes();
    return totalBytes >= HEADER_BYTES
        && (datagram.getByte(start) & 0xC0) == 0
        && datagram.getInt(start + COOKIE_OFFSET) == MAGIC_COOKIE
        && datagram.getUnsignedShort(start + LENGTH_OFFSET) == totalBytes - HEADER_BYTES
        && indexAttributes(start + totalBytes);
  }

  private boolean indexAttributes(int end) {
    int offset = start + HEADER_BYTES;
    boolean sha1Seen = false;
    boolean sha256Seen = false;
    while (offset < end) {
      if (end - offset < ATTRIBUTE_HEADER_BYTES) {
        return false;
      }
      int type = buffer.getUnsignedShort(offset);
      int length = buffer.getUnsignedShort(offset + 2);
      int value = offset + ATTRIBUTE_HEADER_BYTES;
      int next = value + padded(length);
      if (next > end) {
        return false;
      }
      boolean ignored =
          switch (type) {
            case AttributeType.FINGERPRINT -> false;
            case AttributeType.MESSAGE_INTEGRITY_SHA256 -> sha256Seen;
            default -> sha1Seen || sha256Seen;
          };
      if (!ignored) {
        if (attributeCount == MAX_ATTRIBUTES) {
          return false;
        }
        types[attributeCount] = type;
        valueOffsets[attributeCount] = value;
        valueLengths[attributeCount] = length;
        attributeCount++;
      }
      sha1Seen |= type == AttributeType.MESSAGE_INTEGRITY;
      sha256Seen |= type == AttributeType.MESSAGE_INTEGRITY_SHA256;
      if (type == AttributeType.FINGERPRINT && (next != end || length != Integer.BYTES)) {
        return false;
      }
      offset = next;
    }
    return true;
  }

  /** Rounds an attribute's length up to the next multiple of four. */
  public static int padded(int lengthBytes) {
    return (lengthBytes + 3) & ~3;
  }

  public int type() {
    return buffer.getUnsignedShort(start);
  }

  /** The first eight bytes of the transaction id. */
  public long transactionIdHigh() {
    return buffer.getLong(start + TRANSACTION_ID_OFFSET);
  }

  /** The last four bytes of the transaction id. */
  public int transactionIdLow() {
    return buffer.getInt(start + TRANSACTION_ID_OFFSET + Long.BYTES);
  }

  public int attributeCount() {
    return attributeCount;
  }

  public int attributeType(int index) {
    return types[index];
  }

  public int valueLength(int index) {
    return valueLengths[index];
  }

  /** Where an attribute's value starts, as an absolute index into {@link #buffer()}. */
  public int valueOffset(int index) {
    return valueOffsets[index];
  }

  /**
   * Index of the first attribute of this type, or -1: of repeated attributes only the first counts.
   */
  public int indexOf(int attributeType) {
    for (int i = 0; i < attributeCount; i++) {
      if (types[i] == attributeType) {
        return i;
      }
    }
    return -1;
  }

  public boolean has(int attributeType) {
    return indexOf(attributeType) >= 0;
  }

  public int unsignedByte(int index) {
    return buffer.getUnsignedByte(valueOffsets[index]);
  }

  public int unsignedShort(int index) {
    return buffer.getUnsignedShort(valueOffsets[index]);
  }

  public long unsignedInt(int index) {
    return buffer.getUnsignedInt(valueOffsets[index]);
  }

  public byte[] bytes(int index) {
    return ByteBufUtil.getBytes(buffer, valueOffsets[index], valueLengths[index]);
  }

  public String text(int index) {
    return buffer.toString(valueOffsets[index], valueLengths[index], StandardCharsets.UTF_8);
  }

  ByteBuf buffer() {
    return buffer;
  }

  int start() {
    return start;
  }
}
