package dev.sotto.benchmarks.relay;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * STUN messages of ICE (RFC 8489 section 5, RFC 8445 section 7): written with MESSAGE-INTEGRITY and
 * FINGERPRINT, and read as far as an agent that knows its peer's address needs it. IPv4 only.
 */
final class StunMessage {

  static final int BINDING_REQUEST = 0x0001;
  static final int BINDING_SUCCESS = 0x0101;
  static final int BINDING_ERROR = 0x0111;

  static final int USERNAME = 0x0006;
  static final int INTEGRITY = 0x0008;
  static final int ERROR_CODE = 0x0009;
  static final int XOR_MAPPED_ADDRESS = 0x0020;
  static final int PRIORITY = 0x0024;
  static final int USE_CANDIDATE = 0x0025;
  static final int FINGERPRINT = 0x8028;
  static final int ICE_CONTROLLING = 0x802A;

  static final int TRANSACTION_BYTES = 12;

  private static final int HEADER_BYTES = 20;
  private static final int ATTRIBUTE_HEADER_BYTES = 4;
  private static final int LENGTH_OFFSET = 2;
  private static final int COOKIE_OFFSET = 4;
  private static final int TRANSACTION_OFFSET = 8;
  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final int FINGERPRINT_XOR = 0x5354554e;
  private static final int INTEGRITY_BYTES = 20;
  private static final int MAXIMUM_BYTES = 548;
  private static final int IPV4 = 1;

  private final byte[] bytes;

  /** Of the bytes; its position is where the message ends so far. */
  private final ByteBuffer message;

  private StunMessage(byte[] bytes) {
    this.bytes = bytes;
    this.message = ByteBuffer.wrap(bytes);
  }

  /** Begins a message; attributes are added in the order of the calls. */
  static StunMessage begin(int type, byte[] transaction) {
    StunMessage begun = new StunMessage(new byte[MAXIMUM_BYTES]);
    begun.message.putShort((short) type).putShort((short) 0).putInt(MAGIC_COOKIE).put(transaction);
    return begun;
  }

  /** Reads a message that came; empty when it is none, or is cut off. */
  static Optional<StunMessage> read(byte[] bytes) {
    StunMessage read = new StunMessage(bytes.clone());
    if (bytes.length < HEADER_BYTES
        || read.message.getShort(LENGTH_OFFSET) != bytes.length - HEADER_BYTES
        || read.message.getInt(COOKIE_OFFSET) != MAGIC_COOKIE) {
      return Optional.empty();
    }
    read.message.position(bytes.length);
    return Optional.of(read);
  }

  int type() {
    return message.getShort(0);
  }

  byte[] transaction() {
    return Arrays.copyOfRange(bytes, TRANSACTION_OFFSET, TRANSACTION_OFFSET + TRANSACTION_BYTES);
  }

  StunMessage with(int attribute, byte[] value) {
    message.putShort((short) attribute).putShort((short) value.length).put(value);
    while ((message.position() & 3) != 0) {
      message.put((byte) 0);
    }
    return this;
  }

  StunMessage with(int attribute, String value) {
    return with(attribute, value.getBytes(StandardCharsets.US_ASCII));
  }

  StunMessage withInt(int attribute, int value) {
    return with(attribute, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  StunMessage withLong(int attribute, long value) {
    return with(attribute, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  /** XOR-MAPPED-ADDRESS (RFC 8489 section 14.2). */
  StunMessage withAddress(InetSocketAddress address) {
    ByteBuffer value = ByteBuffer.allocate(8);
    value.put((byte) 0).put((byte) IPV4);
    value.putShort((short) (address.getPort() ^ MAGIC_COOKIE >>> Short.SIZE));
    value.putInt(ByteBuffer.wrap(address.getAddress().getAddress()).getInt() ^ MAGIC_COOKIE);
    return with(XOR_MAPPED_ADDRESS, value.array());
  }

  /** Ends the message with MESSAGE-INTEGRITY and FINGERPRINT (sections 14.5 and 14.7). */
  byte[] signed(String password) {
    int end = message.position();
    with(INTEGRITY, integrity(end, password));
    message.putShort(
        LENGTH_OFFSET,
        (short) (message.position() + ATTRIBUTE_HEADER_BYTES + Integer.BYTES - HEADER_BYTES));
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, message.position());
    withInt(FINGERPRINT, (int) crc.getValue() ^ FINGERPRINT_XOR);
    return Arrays.copyOf(bytes, message.position());
  }

  private byte[] integrity(int end, String password) {
    byte[] covered = Arrays.copyOf(bytes, end);
    int length = end + ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES - HEADER_BYTES;
    ByteBuffer.wrap(covered).putShort(LENGTH_OFFSET, (short) length);
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
      return mac.doFinal(covered);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA1", e);
    }
  }

  /** Whether the message carries the integrity that this password gives. */
  boolean isSignedWith(String password) {
    int at = find(INTEGRITY);
    return at != 0
        && MessageDigest.isEqual(value(at), integrity(at - ATTRIBUTE_HEADER_BYTES, password));
  }

  /** The value of an attribute; empty when it is absent. */
  Optional<byte[]> get(int attribute) {
    int at = find(attribute);
    return at == 0 ? Optional.empty() : Optional.of(value(at));
  }

  /** Where the value of an attribute is, 0 when it is absent. */
  private int find(int attribute) {
    int at = HEADER_BYTES;
    int end = message.position();
    while (at + ATTRIBUTE_HEADER_BYTES <= end) {
      int length = message.getShort(at + LENGTH_OFFSET) & 0xffff;
      int after = at + ATTRIBUTE_HEADER_BYTES + (length + 3 & ~3);
      if (after > end) {
        return 0;
      }
      if ((message.getShort(at) & 0xffff) == attribute) {
        return at + ATTRIBUTE_HEADER_BYTES;
      }
      at = after;
    }
    return 0;
  }

  private byte[] value(int at) {
    int length = message.getShort(at - LENGTH_OFFSET) & 0xffff;
    return Arrays.copyOfRange(bytes, at, at + length);
  }
}
