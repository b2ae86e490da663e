package dev.sotto.turn.protocol;

import dev.sotto.turn.relay.AddressFamily;
import dev.sotto.turn.relay.Allocation;
import dev.sotto.turn.relay.RelayedTransport;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.ErrorCode;
import dev.sotto.turn.stun.StunMessage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Refresh (RFC 8656 section 8.2): renews an allocation, or with a lifetime of 0 deletes it or one
 * family of it.
 */
final class RefreshHandler {
  private final Allocations allocations;
  private final Responder responder;
  private final ProtocolLimits limits;

  RefreshHandler(Allocations allocations, Responder responder, ProtocolLimits limits) {
    this.allocations = allocations;
    this.responder = responder;
    this.limits = limits;
  }

  void handle(Request request, Allocation allocation, long nowNanos) {
    StunMessage message = request.message();
    int family = message.indexOf(AttributeType.REQUESTED_ADDRESS_FAMILY);
    boolean familyWellFormed = family < 0 || message.valueLength(family) == Integer.BYTES;
    if (!LifetimeAttribute.isWellFormed(message) || !familyWellFormed) {
      responder.fail(request, ErrorCode.BAD_REQUEST);
      return;
    }
    List<RelayedTransport> chosen =
        family < 0 ? List.copyOf(allocation.relays()) : ofFamily(allocation, message, family);
    if (chosen.isEmpty()) {
      responder.fail(request, ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH);
      return;
    }
    if (LifetimeAttribute.requestedSeconds(message).equals(OptionalLong.of(0))) {
      delete(allocation, chosen, nowNanos);
      responder.succeed(request, answer -> answer.unsignedInt(AttributeType.LIFETIME, 0));
      return;
    }
    allocation.expireAt(nowNanos + LifetimeAttribute.grantedNanos(message, limits));
    responder.succeed(
        request,
        answer -> {
          LifetimeAttribute.write(answer, allocation.remainingNanos(nowNanos));
          return answer;
        });
  }

  private void delete(Allocation allocation, List<RelayedTransport> chosen, long nowNanos) {
    if (chosen.size() == allocation.relays().size()) {
      allocations.end(allocation, AllocationEnd.DELETED, nowNanos);
    } else {
      chosen.forEach(allocation::closeRelay);
    }
  }

  private static List<RelayedTransport> ofFamily(
      Allocation allocation, StunMessage message, int index) {
    Optional<AddressFamily> family = AddressFamily.ofNumber(message.unsignedByte(index));
    return allocation.relays().stream()
        .filter(relay -> Optional.of(relay.family()).equals(family))
        .toList();
  }
}
