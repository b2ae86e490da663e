package dev.sotto.turn.testkit;

import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.IntegrityAlgorithm;
import dev.sotto.turn.stun.MessageIntegrity;
import dev.sotto.turn.stun.StunMessage;
import dev.sotto.turn.stun.XorAddress;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A STUN message as a test reads it. */
public final class Message {
  private final byte[] bytes;
  private final StunMessage stun = new StunMessage();

  public Message(byte[] bytes) {
    this.bytes = bytes;
    if (!stun.wrap(Unpooled.wrappedBuffer(bytes))) {
      throw new AssertionError("not a STUN message: " + java.util.HexFormat.of().formatHex(bytes));
    }
  }

  public int sizeBytes() {
    return bytes.length;
  }

  public StunMessage stun() {
    return stun;
  }

  public boolean isSuccess() {
    return (stun.type() & 0x0110) == 0x0100;
  }

  /** The error code, or 0 when the message is no error. */
  public int errorCode() {
    int index = stun.indexOf(AttributeType.ERROR_CODE);
    return index < 0 ? 0 : stun.bytes(index)[2] * 100 + stun.bytes(index)[3];
  }

  public boolean has(int attributeType) {
    return stun.has(attributeType);
  }

  public String text(int attributeType) {
    return stun.text(require(attributeType));
  }

  public byte[] bytes(int attributeType) {
    return stun.bytes(require(attributeType));
  }

  public long unsignedInt(int attributeType) {
    return stun.unsignedInt(require(attributeType));
  }

  public InetSocketAddress address(int attributeType) {
    return addresses(attributeType).getFirst();
  }

  public List<InetSocketAddress> addresses(int attributeType) {
    List<InetSocketAddress> found = new ArrayList<>();
    for (int i = 0; i < stun.attributeCount(); i++) {
      if (stun.attributeType(i) == attributeType) {
        XorAddress address = new XorAddress();
        if (!address.read(stun, i)) {
          throw new AssertionError("broken address");
        }
        found.add(address.toSocketAddress());
      }
    }
    return found;
  }

  public boolean isProtectedBy(IntegrityAlgorithm algorithm, byte[] key) {
    return new MessageIntegrity().verify(stun, algorithm, key);
  }

  private int require(int attributeType) {
    int index = stun.indexOf(attributeType);
    if (index < 0) {
      throw new AssertionError("no attribute 0x" + Integer.toHexString(attributeType));
    }
    return index;
  }
}
