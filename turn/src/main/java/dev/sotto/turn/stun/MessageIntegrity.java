package dev.sotto.turn.stun;

import io.netty.buffer.ByteBuf;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes and checks MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 (RFC 8489 sections 14.5 and
 * 14.6). Holds the two MAC engines of one event loop; not for use by two threads.
 */
public final class MessageIntegrity {
  private final Map<IntegrityAlgorithm, Mac> macs = new EnumMap<>(IntegrityAlgorithm.class);

  public MessageIntegrity() {
    for (IntegrityAlgorithm algorithm : IntegrityAlgorithm.values()) {
      macs.put(algorithm, mac(algorithm));
    }
  }

  /**
   * Whether the message's integrity attribute of this algorithm is there and was made with {@code
   * key}.
   */
  public boolean verify(StunMessage message, IntegrityAlgorithm algorithm, byte[] key) {
    int index = message.indexOf(algorithm.attributeType());
    if (index < 0 || !algorithm.acceptsLength(message.valueLength(index))) {
      return false;
    }
    int length = message.valueLength(index);
    int attribute = message.valueOffset(index) - StunMessage.ATTRIBUTE_HEADER_BYTES;
    byte[] expected = compute(message.buffer(), message.start(), attribute, length, algorithm, key);
    return MessageDigest.isEqual(Arrays.copyOf(expected, length), message.bytes(index));
  }

  /**
   * The MAC of a message whose integrity attribute of {@code macBytes} will stand at {@code
   * attributeIndex}.
   */
  byte[] compute(
      ByteBuf buffer,
      int start,
      int attributeIndex,
      int macBytes,
      IntegrityAlgorithm algorithm,
      byte[] key) {
    byte[] covered = new byte[attributeIndex - start];
    buffer.getBytes(start, covered);
    // The length field counts up to and including the integrity attribute, whatever follows it.
    int length =
        covered.length - StunMessage.HEADER_BYTES + StunMessage.ATTRIBUTE_HEADER_BYTES + macBytes;
    covered[StunMessage.LENGTH_OFFSET] = (byte) (length >>> 8);
    covered[StunMessage.LENGTH_OFFSET + 1] = (byte) length;
    Mac mac = macs.get(algorithm);
    try {
      mac.init(new SecretKeySpec(key, algorithm.macName()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime accepts an HMAC key", e);
    }
    return mac.doFinal(covered);
  }

  private static Mac mac(IntegrityAlgorithm algorithm) {
    try {
      return Mac.getInstance(algorithm.macName());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + algorithm.macName(), e);
    }
  }
}
