package dev.sotto.turn.protocol;

import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.StunMessage;
import java.util.stream.IntStream;

/**
 * Which attributes this server comprehends; others below 0x8000 make a request fail (RFC 8489
 * section 6.3.1).
 */
final class KnownAttributes {
  private final boolean dontFragment;

  /**
   * @param dontFragment whether the server can do what DONT-FRAGMENT asks for; otherwise it is
   *     unknown to it (RFC 8656 section 7.2)
   */
  KnownAttributes(boolean dontFragment) {
    this.dontFragment = dontFragment;
  }

  /** The comprehension-required attributes that the server does not know; almost always none. */
  int[] unknownIn(StunMessage message) {
    return IntStream.range(0, message.attributeCount())
        .map(message::attributeType)
        .filter(type -> !isAcceptable(type))
        .distinct()
        .toArray();
  }

  boolean allAcceptable(StunMessage message) {
    for (int i = 0; i < message.attributeCount(); i++) {
      if (!isAcceptable(message.attributeType(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean isAcceptable(int type) {
    return switch (type) {
      case AttributeType.MAPPED_ADDRESS,
          AttributeType.USERNAME,
          AttributeType.MESSAGE_INTEGRITY,
          AttributeType.ERROR_CODE,
          AttributeType.UNKNOWN_ATTRIBUTES,
          AttributeType.CHANNEL_NUMBER,
          AttributeType.LIFETIME,
          AttributeType.XOR_PEER_ADDRESS,
          AttributeType.DATA,
          AttributeType.REALM,
          AttributeType.NONCE,
          AttributeType.XOR_RELAYED_ADDRESS,
          AttributeType.REQUESTED_ADDRESS_FAMILY,
          AttributeType.EVEN_PORT,
          AttributeType.REQUESTED_TRANSPORT,
          AttributeType.MESSAGE_INTEGRITY_SHA256,
          AttributeType.PASSWORD_ALGORITHM,
          AttributeType.USERHASH,
          AttributeType.XOR_MAPPED_ADDRESS,
          AttributeType.RESERVATION_TOKEN ->
          true;
      case AttributeType.DONT_FRAGMENT -> dontFragment;
      default -> !AttributeType.isComprehensionRequired(type);
    };
  }
}
