package dev.sotto.turn.protocol;

import dev.sotto.turn.relay.AddressFamily;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.ErrorCode;
import dev.sotto.turn.stun.StunMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** What an Allocate request asks for, or why it cannot be asked (RFC 8656 section 7.2). */
sealed interface AllocateDemand {

  /** Relayed addresses of these families, from the pool. */
  record Fresh(List<AddressFamily> families, Parity parity) implements AllocateDemand {}

  /** The port that an earlier allocation reserved. */
  record Reserved(long token) implements AllocateDemand {}

  record Impossible(ErrorCode error) implements AllocateDemand {}

  /** What EVEN-PORT says of the port. */
  enum Parity {
    ANY,
    EVEN,
    EVEN_AND_RESERVE_NEXT
  }

  int UDP = 17;
  int RESERVE_NEXT_BIT = 0x80;

  static AllocateDemand of(StunMessage request) {
    int transport = request.indexOf(AttributeType.REQUESTED_TRANSPORT);
    if (transport < 0 || request.valueLength(transport) != Integer.BYTES) {
      return new Impossible(ErrorCode.BAD_REQUEST);
    }
    if (request.unsignedByte(transport) != UDP) {
      return new Impossible(ErrorCode.UNSUPPORTED_TRANSPORT);
    }
    int token = request.indexOf(AttributeType.RESERVATION_TOKEN);
    return token < 0 ? fresh(request) : reserved(request, token);
  }

  private static AllocateDemand reserved(StunMessage request, int token) {
    boolean contradictory =
        request.has(AttributeType.EVEN_PORT)
            || request.has(AttributeType.REQUESTED_ADDRESS_FAMILY)
            || request.has(AttributeType.ADDITIONAL_ADDRESS_FAMILY);
    if (contradictory || request.valueLength(token) != Long.BYTES) {
      return new Impossible(ErrorCode.BAD_REQUEST);
    }
    return new Reserved(ByteBuffer.wrap(request.bytes(token)).getLong());
  }

  private static AllocateDemand fresh(StunMessage request) {
    Optional<Parity> parity = parity(request);
    int requested = request.indexOf(AttributeType.REQUESTED_ADDRESS_FAMILY);
    int additional = request.indexOf(AttributeType.ADDITIONAL_ADDRESS_FAMILY);
    boolean contradictory =
        additional >= 0
            && (requested >= 0 || parity.equals(Optional.of(Parity.EVEN_AND_RESERVE_NEXT)));
    if (parity.isEmpty() || contradictory || !isFamilyShaped(request, requested, additional)) {
      return new Impossible(ErrorCode.BAD_REQUEST);
    }
    if (additional >= 0) {
      return request.unsignedByte(additional) == AddressFamily.IPV6.number()
          ? new Fresh(List.of(AddressFamily.IPV4, AddressFamily.IPV6), parity.get())
          : new Impossible(ErrorCode.BAD_REQUEST);
    }
    Optional<AddressFamily> family =
        requested < 0
            ? Optional.of(AddressFamily.IPV4)
            : AddressFamily.ofNumber(request.unsignedByte(requested));
    return family
        .<AllocateDemand>map(only -> new Fresh(List.of(only), parity.get()))
        .orElseGet(() -> new Impossible(ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED));
  }

  private static boolean isFamilyShaped(StunMessage request, int requested, int additional) {
    return (requested < 0 || request.valueLength(requested) == Integer.BYTES)
        && (additional < 0 || request.valueLength(additional) == Integer.BYTES);
  }

  private static Optional<Parity> parity(StunMessage request) {
    int evenPort = request.indexOf(AttributeType.EVEN_PORT);
    if (evenPort < 0) {
      return Optional.of(Parity.ANY);
    }
    if (request.valueLength(evenPort) != 1) {
      return Optional.empty();
    }
    boolean reserve = (request.unsignedByte(evenPort) & RESERVE_NEXT_BIT) != 0;
    return Optional.of(reserve ? Parity.EVEN_AND_RESERVE_NEXT : Parity.EVEN);
  }
}
