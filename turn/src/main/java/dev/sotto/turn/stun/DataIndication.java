package dev.sotto.turn.stun;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Wraps what comes from a peer's side into a Data indication: datagrams (RFC 8656 section 11.4) and
 * errors of the network (section 11.5).
 */
public final class DataIndication {
  private static final int ICMP_CODE_BITS = 9;

  private DataIndication() {}

  /**
   * Length of the whole message around a payload of so many bytes from a peer of 4 or 16 address
   * bytes.
   */
  public static int messageBytes(byte[] peerIp, int payloadBytes) {
    return StunMessage.HEADER_BYTES
        + StunMessage.ATTRIBUTE_HEADER_BYTES
        + XorAddress.valueBytes(peerIp)
        + StunMessage.ATTRIBUTE_HEADER_BYTES
        + StunMessage.padded(payloadBytes);
  }

  /** Writes the message around the readable bytes of {@code payload}, which stay readable. */
  public static void write(
      ByteBuf out,
      byte[] peerIp,
      int peerPort,
      ByteBuf payload,
      long transactionIdHigh,
      int transactionIdLow) {
    int payloadBytes = payload.readableBytes();
    int start = out.writerIndex();
    out.writeShort(MessageType.DATA_INDICATION);
    out.writeShort(messageBytes(peerIp, payloadBytes) - StunMessage.HEADER_BYTES);
    out.writeInt(StunMessage.MAGIC_COOKIE);
    out.writeLong(transactionIdHigh);
    out.writeInt(transactionIdLow);
    out.writeShort(AttributeType.XOR_PEER_ADDRESS);
    out.writeShort(XorAddress.valueBytes(peerIp));
    XorAddress.write(out, start, peerIp, peerPort);
    out.writeShort(AttributeType.DATA);
    out.writeShort(payloadBytes);
    out.writeBytes(payload, payload.readerIndex(), payloadBytes);
    out.writeZero(StunMessage.padded(payloadBytes) - payloadBytes);
  }

  /**
   * Writes an indication of a network error: the ICMP attribute (RFC 8656 section 18.13) in the
   * place of data.
   *
   * <pre>
   * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
   * |  Reserved                     |  ICMP Type  |  ICMP Code      |
   * |                          Error Data                           |
   * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
   * </pre>
   */
  public static void writeIcmp(
      ByteBuf out,
      InetSocketAddress peer,
      int icmpType,
      int icmpCode,
      long errorData,
      long transactionIdHigh,
      int transactionIdLow) {
    byte[] icmp =
        ByteBuffer.allocate(2 * Integer.BYTES)
            .putInt(icmpType << ICMP_CODE_BITS | icmpCode)
            .putInt((int) errorData)
            .array();
    StunWriter.begin(out, MessageType.DATA_INDICATION, transactionIdHigh, transactionIdLow)
        .xorAddress(AttributeType.XOR_PEER_ADDRESS, peer)
        .bytes(AttributeType.ICMP, icmp);
  }
}
