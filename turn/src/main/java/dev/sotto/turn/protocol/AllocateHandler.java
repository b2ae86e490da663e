package dev.sotto.turn.protocol;

import dev.sotto.turn.protocol.AllocateDemand.Fresh;
import dev.sotto.turn.protocol.AllocateDemand.Impossible;
import dev.sotto.turn.protocol.AllocateDemand.Parity;
import dev.sotto.turn.protocol.AllocateDemand.Reserved;
import dev.sotto.turn.protocol.RelayOpener.Opened;
import dev.sotto.turn.relay.AddressFamily;
import dev.sotto.turn.relay.Allocation;
import dev.sotto.turn.relay.Quotas.Grant;
import dev.sotto.turn.relay.RelayPorts.Claim;
import dev.sotto.turn.relay.RelayedTransport;
import dev.sotto.turn.relay.Reservations.Reservation;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.ErrorCode;
import dev.sotto.turn.stun.StunWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Allocate (RFC 8656 section 7.2). */
final class AllocateHandler {
  private final SharedState shared;
  private final Allocations allocations;
  private final RelayOpener opener;
  private final DataPath dataPath;
  private final Responder responder;
  private final ProtocolLimits limits;
  private final RandomGenerator random;

  AllocateHandler(
      SharedState shared,
      Allocations allocations,
      RelayOpener opener,
      DataPath dataPath,
      Responder responder,
      ProtocolLimits limits,
      RandomGenerator random) {
    this.shared = shared;
    this.allocations = allocations;
    this.opener = opener;
    this.dataPath = dataPath;
    this.responder = responder;
    this.limits = limits;
    this.random = random;
  }

  void handle(Request request, long nowNanos) {
    Optional<Allocation> existing = allocations.find(request.link(), request.client(), nowNanos);
    if (existing.isPresent()) {
      answerAgain(request, existing.get(), nowNanos);
      return;
    }
    if (shared.drain().hasBegun()) {
      turnAway(request);
      return;
    }
    switch (AllocateDemand.of(request.message())) {
      case Fresh fresh -> allocate(request, fresh, nowNanos);
      case Reserved reserved -> redeem(request, reserved, nowNanos);
      case Impossible impossible -> responder.fail(request, impossible.error());
    }
  }

  /** A draining server names another one, if it knows one of the client's address family. */
  private void turnAway(Request request) {
    AddressFamily family = AddressFamily.of(request.client().getAddress());
    Optional<InetSocketAddress> alternate =
        shared
            .drain()
            .alternateServer()
            .filter(server -> AddressFamily.of(server.getAddress()) == family);
    if (alternate.isPresent()) {
      responder.fail(
          request,
          answer ->
              answer
                  .errorCode(ErrorCode.TRY_ALTERNATE)
                  .address(AttributeType.ALTERNATE_SERVER, alternate.get()));
    } else {
      responder.fail(request, ErrorCode.INSUFFICIENT_CAPACITY);
    }
  }

  /** A retransmission gets its answer once more; anything else on a used 5-tuple is a mismatch. */
  private void answerAgain(Request request, Allocation existing, long nowNanos) {
    if (existing.wasMadeBy(request.message())
        && existing.username().equals(request.user().credential().username())) {
      succeed(request, existing, nowNanos);
    } else {
      responder.fail(request, ErrorCode.ALLOCATION_MISMATCH);
    }
  }

  private void allocate(Request request, Fresh demand, long nowNanos) {
    if (demand.families().stream().noneMatch(family -> shared.pool(family).isPresent())) {
      responder.fail(request, ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED);
      return;
    }
    String owner = request.user().credential().owner();
    Optional<ErrorCode> overQuota = acquire(owner);
    if (overQuota.isPresent()) {
      responder.fail(request, overQuota.get());
      return;
    }
    Allocation allocation = allocationFor(request, nowNanos);
    Map<AddressFamily, ErrorCode> missing = new EnumMap<>(AddressFamily.class);
    for (AddressFamily family : demand.families()) {
      open(allocation, family, demand.parity(), nowNanos)
          .ifPresent(error -> missing.put(family, error));
    }
    if (allocation.relays().isEmpty()) {
      shared.quotas().release(owner);
      responder.fail(request, ErrorCode.INSUFFICIENT_CAPACITY);
      return;
    }
    allocation.lacks(missing);
    begin(request, allocation, nowNanos);
  }

  private Optional<ErrorCode> open(
      Allocation allocation, AddressFamily family, Parity parity, long nowNanos) {
    Optional<RelayPool> pool = shared.pool(family);
    if (pool.isEmpty()) {
      return Optional.of(ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED);
    }
    boolean reserve = parity == Parity.EVEN_AND_RESERVE_NEXT;
    if (reserve && acquire(allocation.owner()).isPresent()) {
      return Optional.of(ErrorCode.INSUFFICIENT_CAPACITY);
    }
    Optional<Opened> opened =
        opener.open(
            pool.get(), parity, allocation.link().transport(), dataPath.receiverFor(allocation));
    if (opened.isEmpty()) {
      if (reserve) {
        shared.quotas().release(allocation.owner());
      }
      return Optional.of(ErrorCode.INSUFFICIENT_CAPACITY);
    }
    allocation.addRelay(opened.get().relay());
    opened.get().next().ifPresent(claim -> reserve(allocation, family, claim, nowNanos));
    return Optional.empty();
  }

  private void reserve(Allocation allocation, AddressFamily family, Claim claim, long nowNanos) {
    long token = random.nextLong();
    long expiresAt = nowNanos + limits.reservationNanos();
    shared.reservations().put(token, new Reservation(family, claim, allocation.owner(), expiresAt));
    allocation.reserved(token);
  }

  private void redeem(Request request, Reserved demand, long nowNanos) {
    String owner = request.user().credential().owner();
    Optional<Reservation> reservation =
        shared.reservations().redeem(demand.token(), owner, nowNanos);
    if (reservation.isEmpty()) {
      responder.fail(request, ErrorCode.INSUFFICIENT_CAPACITY);
      return;
    }
    Allocation allocation = allocationFor(request, nowNanos);
    Claim claim = reservation.get().claim();
    Optional<RelayedTransport> relay =
        shared
            .pool(reservation.get().family())
            .flatMap(pool ->
                opener.bind(
                    pool, claim, allocation.link().transport(), dataPath.receiverFor(allocation)));
    if (relay.isEmpty()) {
      claim.close();
      shared.quotas().release(owner);
      responder.fail(request, ErrorCode.INSUFFICIENT_CAPACITY);
      return;
    }
    allocation.addRelay(relay.get());
    begin(request, allocation, nowNanos);
  }

  private void begin(Request request, Allocation allocation, long nowNanos) {
    allocation.expireAt(nowNanos + LifetimeAttribute.grantedNanos(request.message(), limits));
    allocations.begin(allocation);
    succeed(request, allocation, nowNanos);
  }

  private void succeed(Request request, Allocation allocation, long nowNanos) {
    responder.succeed(
        request,
        answer -> {
          allocation
              .relays()
              .forEach(relay ->
                  answer.xorAddress(AttributeType.XOR_RELAYED_ADDRESS, relay.advertised()));
          allocation
              .missing()
              .forEach((family, error) -> answer.addressErrorCode(family.number(), error));
          LifetimeAttribute.write(answer, allocation.remainingNanos(nowNanos));
          allocation.reservationToken().ifPresent(token -> writeToken(answer, token));
          return answer.xorAddress(AttributeType.XOR_MAPPED_ADDRESS, request.client());
        });
  }

  private static void writeToken(StunWriter answer, long token) {
    answer.bytes(
        AttributeType.RESERVATION_TOKEN, ByteBuffer.allocate(Long.BYTES).putLong(token).array());
  }

  private Allocation allocationFor(Request request, long nowNanos) {
    return new Allocation(
        request.link(),
        request.client(),
        request.user().credential(),
        request.message(),
        shared.permissionQuotas(),
        nowNanos);
  }

  private Optional<ErrorCode> acquire(String owner) {
    Grant grant = shared.quotas().acquire(owner);
    return switch (grant) {
      case GRANTED -> Optional.empty();
      case USER_QUOTA_REACHED -> Optional.of(ErrorCode.ALLOCATION_QUOTA_REACHED);
      case TOTAL_QUOTA_REACHED -> Optional.of(ErrorCode.INSUFFICIENT_CAPACITY);
    };
  }
}
