package dev.sotto.turn.stun;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Flyweight that reads and writes XOR-ed transport addresses (RFC 8489 section 14.2): XOR-MAPPED-,
 * XOR-PEER- and XOR-RELAYED-ADDRESS. A read address is held in fields, so that the data path can
 * look it up without an object.
 */
public final class XorAddress {
  public static final int IPV4_VALUE_BYTES = 8;
  public static final int IPV6_VALUE_BYTES = 20;

  private static final int IPV4_BYTES = 4;
  private static final int FAMILY_IPV4 = 1;
  private static final int FAMILY_IPV6 = 2;
  private static final int COOKIE_HIGH = StunMessage.MAGIC_COOKIE >>> 16;

  private boolean ipv6;
  private long high;
  private long low;
  private int port;

  /**
   * Reads the address attribute at {@code index}.
   *
   * @return false when family and length do not belong together
   */
  public boolean read(StunMessage message, int index) {
    int length = message.valueLength(index);
    if (length != IPV4_VALUE_BYTES && length != IPV6_VALUE_BYTES) {
      return false;
    }
    ByteBuf buffer = message.buffer();
    int value = message.valueOffset(index);
    int family = buffer.getUnsignedByte(value + 1);
    port = buffer.getUnsignedShort(value + 2) ^ COOKIE_HIGH;
    if (family == FAMILY_IPV4 && length == IPV4_VALUE_BYTES) {
      ipv6 = false;
      high = 0;
      low = (buffer.getInt(value + 4) ^ StunMessage.MAGIC_COOKIE) & 0xFFFF_FFFFL;
      return true;
    }
    if (family == FAMILY_IPV6 && length == IPV6_VALUE_BYTES) {
      ipv6 = true;
      int key = message.start() + StunMessage.COOKIE_OFFSET;
      high = buffer.getLong(value + 4) ^ buffer.getLong(key);
      low = buffer.getLong(value + 12) ^ buffer.getLong(key + Long.BYTES);
      return true;
    }
    return false;
  }

  /**
   * Writes an attribute value at the writer index of {@code out}.
   *
   * @param messageStart index of the message's first byte; cookie and transaction id must be there
   *     already
   */
  static void write(ByteBuf out, int messageStart, byte[] ip, int port) {
    out.writeByte(0);
    out.writeByte(familyOf(ip));
    out.writeShort(port ^ COOKIE_HIGH);
    int key = messageStart + StunMessage.COOKIE_OFFSET;
    for (int i = 0; i < ip.length; i++) {
      out.writeByte(ip[i] ^ out.getByte(key + i));
    }
  }

  static int familyOf(byte[] ip) {
    return ip.length == IPV4_BYTES ? FAMILY_IPV4 : FAMILY_IPV6;
  }

  static int valueBytes(byte[] ip) {
    return ip.length == IPV4_BYTES ? IPV4_VALUE_BYTES : IPV6_VALUE_BYTES;
  }

  public boolean isIpv6() {
    return ipv6;
  }

  public int port() {
    return port;
  }

  /** The address as an object, for where garbage does not matter. */
  public InetSocketAddress toSocketAddress() {
    ByteBuffer bytes = ByteBuffer.allocate(ipv6 ? 16 : 4);
    if (ipv6) {
      bytes.putLong(high).putLong(low);
    } else {
      bytes.putInt((int) low);
    }
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes.array()), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes always make an address", e);
    }
  }

  /** The upper 64 bits of an IPv6 address; 0 for IPv4. */
  public long high() {
    return high;
  }

  /** The lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address. */
  public long low() {
    return low;
  }
}
