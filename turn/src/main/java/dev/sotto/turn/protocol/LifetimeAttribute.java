package dev.sotto.turn.protocol;

import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.StunMessage;
import dev.sotto.turn.stun.StunWriter;
import java.util.OptionalLong;

/** LIFETIME in seconds (RFC 8656 section 18.2). */
final class LifetimeAttribute {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private LifetimeAttribute() {}

  static boolean isWellFormed(StunMessage message) {
    int index = message.indexOf(AttributeType.LIFETIME);
    return index < 0 || message.valueLength(index) == Integer.BYTES;
  }

  static OptionalLong requestedSeconds(StunMessage message) {
    int index = message.indexOf(AttributeType.LIFETIME);
    return index < 0 || message.valueLength(index) != Integer.BYTES
        ? OptionalLong.empty()
        : OptionalLong.of(message.unsignedInt(index));
  }

  static long grantedNanos(StunMessage message, ProtocolLimits limits) {
    OptionalLong requested = requestedSeconds(message);
    return requested.isPresent()
        ? limits.grantedLifetimeNanos(requested.getAsLong())
        : limits.defaultLifetimeNanos();
  }

  static void write(StunWriter answer, long lifetimeNanos) {
    answer.unsignedInt(AttributeType.LIFETIME, lifetimeNanos / NANOS_PER_SECOND);
  }
}
