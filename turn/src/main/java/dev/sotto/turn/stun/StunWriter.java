package dev.sotto.turn.stun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Writes one STUN message into a buffer, attribute by attribute (RFC 8489 section 5). The length
 * field is right after every call, so a message may end wherever its author stops.
 */
public final class StunWriter {
  private final ByteBuf out;
  private final int start;

  private StunWriter(ByteBuf out, int type) {
    this.out = out;
    this.start = out.writerIndex();
    out.writeShort(type);
    out.writeShort(0);
    out.writeInt(StunMessage.MAGIC_COOKIE);
  }

  /** Starts a message of its own transaction. */
  public static StunWriter begin(
      ByteBuf out, int type, long transactionIdHigh, int transactionIdLow) {
    StunWriter writer = new StunWriter(out, type);
    out.writeLong(transactionIdHigh);
    out.writeInt(transactionIdLow);
    return writer;
  }

  /** Starts the answer to {@code request}, in the same transaction. */
  public static StunWriter answer(ByteBuf out, int type, StunMessage request) {
    return begin(out, type, request.transactionIdHigh(), request.transactionIdLow());
  }

  public StunWriter xorAddress(int attributeType, InetSocketAddress address) {
    byte[] ip = address.getAddress().getAddress();
    attributeHeader(attributeType, XorAddress.valueBytes(ip));
    XorAddress.write(out, start, ip, address.getPort());
    return pad();
  }

  /** An address that is not XOR-ed, such as ALTERNATE-SERVER (RFC 8489 section 14.1). */
  public StunWriter address(int attributeType, InetSocketAddress address) {
    byte[] ip = address.getAddress().getAddress();
    attributeHeader(attributeType, XorAddress.valueBytes(ip));
    out.writeShort(XorAddress.familyOf(ip));
    out.writeShort(address.getPort());
    out.writeBytes(ip);
    return pad();
  }

  public StunWriter unsignedInt(int attributeType, long value) {
    attributeHeader(attributeType, Integer.BYTES);
    out.writeInt((int) value);
    return pad();
  }

  public StunWriter text(int attributeType, String value) {
    return bytes(attributeType, value.getBytes(StandardCharsets.UTF_8));
  }

  public StunWriter bytes(int attributeType, byte[] value) {
    attributeHeader(attributeType, value.length);
    out.writeBytes(value);
    return pad();
  }

  public StunWriter flag(int attributeType) {
    attributeHeader(attributeType, 0);
    return pad();
  }

  public StunWriter errorCode(ErrorCode error) {
    return errorCode(error, error.reason());
  }

  public StunWriter errorCode(ErrorCode error, String reason) {
    byte[] phrase = reason.getBytes(StandardCharsets.UTF_8);
    attributeHeader(AttributeType.ERROR_CODE, Integer.BYTES + phrase.length);
    out.writeShort(0);
    out.writeByte(error.code() / 100);
    out.writeByte(error.code() % 100);
    out.writeBytes(phrase);
    return pad();
  }

  /**
   * ADDRESS-ERROR-CODE (RFC 8656 section 18.12): why one family of a dual allocation was not given.
   */
  public StunWriter addressErrorCode(int family, ErrorCode error) {
    byte[] phrase = error.reason().getBytes(StandardCharsets.UTF_8);
    attributeHeader(AttributeType.ADDRESS_ERROR_CODE, Integer.BYTES + phrase.length);
    out.writeByte(family);
    out.writeByte(0);
    out.writeByte(error.code() / 100);
    out.writeByte(error.code() % 100);
    out.writeBytes(phrase);
    return pad();
  }

  public StunWriter unknownAttributes(int[] attributeTypes) {
    attributeHeader(AttributeType.UNKNOWN_ATTRIBUTES, attributeTypes.length * Short.BYTES);
    for (int type : attributeTypes) {
      out.writeShort(type);
    }
    return pad();
  }

  public StunWriter integrity(
      MessageIntegrity integrity, IntegrityAlgorithm algorithm, byte[] key) {
    byte[] mac =
        integrity.compute(out, start, out.writerIndex(), algorithm.bytes(), algorithm, key);
    return bytes(algorithm.attributeType(), mac);
  }

  public StunWriter fingerprint() {
    int covered = out.writerIndex() - start;
    attributeHeader(AttributeType.FINGERPRINT, Integer.BYTES);
    out.writeInt(0);
    pad();
    out.setInt(
        start + covered + StunMessage.ATTRIBUTE_HEADER_BYTES,
        Fingerprint.compute(out, start, covered));
    return this;
  }

  /** The message as a copy on the heap, for tests and small clients. */
  public byte[] toByteArray() {
    return ByteBufUtil.getBytes(out, start, out.writerIndex() - start);
  }

  private void attributeHeader(int type, int valueBytes) {
    out.writeShort(type);
    out.writeShort(valueBytes);
  }

  private StunWriter pad() {
    int written = out.writerIndex() - start;
    out.writeZero(StunMessage.padded(written) - written);
    out.setShort(
        start + StunMessage.LENGTH_OFFSET, out.writerIndex() - start - StunMessage.HEADER_BYTES);
    return this;
  }
}
