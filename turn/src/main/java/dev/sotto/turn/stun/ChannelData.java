package dev.sotto.turn.stun;

import io.netty.buffer.ByteBuf;

/**
 * ChannelData framing (RFC 8656 section 12.4): four bytes before the application data.
 *
 * <pre>
 *  0                   1                   2                   3
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Channel Number        |            Length             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class ChannelData {
  public static final int HEADER_BYTES = 4;

  private ChannelData() {}

  /**
   * Whether the first byte of a datagram says ChannelData; all of 0x4000-0x7FFF is told apart from
   * STUN by it.
   */
  public static boolean startsLike(int firstByte) {
    return (firstByte & 0xC0) == 0x40;
  }

  public static int channelNumber(ByteBuf datagram) {
    return datagram.getUnsignedShort(datagram.readerIndex());
  }

  public static int length(ByteBuf datagram) {
    return datagram.getUnsignedShort(datagram.readerIndex() + 2);
  }

  /** Writes the header and the readable bytes of {@code payload}, which stay readable. */
  public static void write(ByteBuf out, int channelNumber, ByteBuf payload) {
    int length = payload.readableBytes();
    out.writeShort(channelNumber);
    out.writeShort(length);
    out.writeBytes(payload, payload.readerIndex(), length);
  }
}
