package dev.sotto.turn.stun;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** Wraps a peer's datagram into a Data indication (RFC 8656 section 11.4). */
public final class DataIndication {
  private DataIndication() {}

  /** Length of the whole message around a payload of so many bytes from this peer. */
  public static int messageBytes(InetSocketAddress peer, int payloadBytes) {
    return StunMessage.HEADER_BYTES
        + StunMessage.ATTRIBUTE_HEADER_BYTES
        + XorAddress.valueBytes(peer.getAddress())
        + StunMessage.ATTRIBUTE_HEADER_BYTES
        + StunMessage.padded(payloadBytes);
  }

  /** Writes the message around the readable bytes of {@code payload}, which stay readable. */
  public static void write(
      ByteBuf out,
      InetSocketAddress peer,
      ByteBuf payload,
      long transactionIdHigh,
      int transactionIdLow) {
    int payloadBytes = payload.readableBytes();
    int start = out.writerIndex();
    out.writeShort(MessageType.DATA_INDICATION);
    out.writeShort(messageBytes(peer, payloadBytes) - StunMessage.HEADER_BYTES);
    out.writeInt(StunMessage.MAGIC_COOKIE);
    out.writeLong(transactionIdHigh);
    out.writeInt(transactionIdLow);
    out.writeShort(AttributeType.XOR_PEER_ADDRESS);
    out.writeShort(XorAddress.valueBytes(peer.getAddress()));
    XorAddress.write(out, start, peer);
    out.writeShort(AttributeType.DATA);
    out.writeShort(payloadBytes);
    out.writeBytes(payload, payload.readerIndex(), payloadBytes);
    out.writeZero(StunMessage.padded(payloadBytes) - payloadBytes);
  }
}
