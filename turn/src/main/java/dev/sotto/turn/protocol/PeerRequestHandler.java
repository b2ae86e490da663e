package dev.sotto.turn.protocol;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.peer.IpAddress;
import dev.sotto.turn.peer.PeerVerdict;
import dev.sotto.turn.relay.Allocation;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.ErrorCode;
import dev.sotto.turn.stun.StunMessage;
import dev.sotto.turn.stun.XorAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * CreatePermission and ChannelBind (RFC 8656 sections 10.2 and 12.2): both name peers, and both are
 * all or nothing.
 */
final class PeerRequestHandler {
  private final SharedState shared;
  private final Responder responder;
  private final ProtocolLimits limits;
  private final Counters counters;
  private final XorAddress address = new XorAddress();

  PeerRequestHandler(
      SharedState shared, Responder responder, ProtocolLimits limits, Counters counters) {
    this.counters = counters;
    this.shared = shared;
    this.responder = responder;
    this.limits = limits;
  }

  void createPermission(Request request, Allocation allocation, long nowNanos) {
    StunMessage message = request.message();
    Map<InetAddress, PeerVerdict> granted = new HashMap<>();
    for (int i = 0; i < message.attributeCount(); i++) {
      if (message.attributeType(i) == AttributeType.XOR_PEER_ADDRESS) {
        Optional<ErrorCode> error = judge(message, i, allocation);
        if (error.isPresent()) {
          responder.fail(request, error.get());
          return;
        }
        granted.put(address.toSocketAddress().getAddress(), verdict());
      }
    }
    if (granted.isEmpty()) {
      responder.fail(request, ErrorCode.BAD_REQUEST);
      return;
    }
    List<InetAddress> added =
        granted.keySet().stream().filter(peer -> !allocation.permissions().contains(peer)).toList();
    if (allocation.permissions().size() + added.size() > limits.maximumPermissions()) {
      responder.fail(request, ErrorCode.INSUFFICIENT_CAPACITY);
      return;
    }
    if (!admits(added, allocation, nowNanos)) {
      responder.fail(request, ErrorCode.INSUFFICIENT_CAPACITY);
      return;
    }
    granted.forEach((peer, verdict) ->
        allocation.permissions().install(peer, verdict, nowNanos + limits.permissionNanos()));
    responder.succeed(request, UnaryOperator.identity());
  }

  void bindChannel(Request request, Allocation allocation, long nowNanos) {
    StunMessage message = request.message();
    int channel = message.indexOf(AttributeType.CHANNEL_NUMBER);
    int peerIndex = message.indexOf(AttributeType.XOR_PEER_ADDRESS);
    if (channel < 0 || message.valueLength(channel) != Integer.BYTES || peerIndex < 0) {
      responder.fail(request, ErrorCode.BAD_REQUEST);
      return;
    }
    Optional<ErrorCode> error = judge(message, peerIndex, allocation);
    if (error.isPresent()) {
      responder.fail(request, error.get());
      return;
    }
    int number = message.unsignedShort(channel);
    InetSocketAddress peer = address.toSocketAddress();
    PeerVerdict verdict = verdict();
    if (!limits.isChannel(number) || !allocation.channels().isBindable(number, peer, nowNanos)) {
      responder.fail(request, ErrorCode.BAD_REQUEST);
    } else if (peer.getPort() == 0 || !shared.peerPolicy().isReachable(verdict, peer)) {
      responder.fail(request, ErrorCode.FORBIDDEN);
    } else if (hasNoRoomFor(peer, number, allocation, nowNanos)
        || !admits(added(peer, allocation), allocation, nowNanos)) {
      responder.fail(request, ErrorCode.INSUFFICIENT_CAPACITY);
    } else {
      allocation
          .permissions()
          .install(peer.getAddress(), verdict, nowNanos + limits.permissionNanos());
      allocation.channels().bind(number, peer, nowNanos, nowNanos + limits.channelNanos());
      responder.succeed(request, UnaryOperator.identity());
    }
  }

  private static List<InetAddress> added(InetSocketAddress peer, Allocation allocation) {
    return allocation.permissions().contains(peer.getAddress())
        ? List.of()
        : List.of(peer.getAddress());
  }

  /**
   * Asks the user's and the server's limits for permissions that are not there yet: room for all of
   * them is reserved, or for none.
   */
  private boolean admits(List<InetAddress> added, Allocation allocation, long nowNanos) {
    // Room comes first: it can be given back, but a peer that was turned to is not new any more.
    Optional<DropReason> refusal = reserve(added, allocation);
    if (refusal.isEmpty()) {
      refusal = takeNewPeers(added, allocation, nowNanos);
      if (refusal.isPresent()) {
        allocation.permissions().giveBack(added.size());
      }
    }
    refusal.ifPresent(counters.of(allocation.link().transport())::drop);
    return refusal.isEmpty();
  }

  private static Optional<DropReason> reserve(List<InetAddress> added, Allocation allocation) {
    return switch (allocation.permissions().reserve(added.size())) {
      case GRANTED -> Optional.empty();
      case USER_QUOTA_REACHED -> Optional.of(DropReason.USER_PERMISSIONS);
      case TOTAL_QUOTA_REACHED -> Optional.of(DropReason.TOTAL_PERMISSIONS);
    };
  }

  private static Optional<DropReason> takeNewPeers(
      List<InetAddress> added, Allocation allocation, long nowNanos) {
    return switch (allocation.limits().takeNewPeers(added, nowNanos)) {
      case GRANTED -> Optional.empty();
      case USER_RATE_REACHED -> Optional.of(DropReason.NEW_PEERS_RATE);
      case TOTAL_RATE_REACHED -> Optional.of(DropReason.TOTAL_NEW_PEERS_RATE);
      case ALLOCATION_RATE_REACHED ->
          throw new IllegalStateException("an allocation has no rate of new peers of its own");
    };
  }

  private boolean hasNoRoomFor(
      InetSocketAddress peer, int number, Allocation allocation, long nowNanos) {
    boolean permissionFits =
        allocation.permissions().contains(peer.getAddress())
            || allocation.permissions().size() < limits.maximumPermissions();
    boolean channelFits =
        allocation.channels().find(number, nowNanos).isPresent()
            || allocation.channels().size() < limits.maximumChannels();
    return !permissionFits || !channelFits;
  }

  /**
   * Reads one peer address into {@link #address} and says why it cannot be a peer, if it cannot.
   */
  private Optional<ErrorCode> judge(StunMessage message, int index, Allocation allocation) {
    if (!address.read(message, index)) {
      return Optional.of(ErrorCode.BAD_REQUEST);
    }
    boolean reachableFamily =
        allocation.relays().stream().anyMatch(relay -> relay.family().isIpv6() == address.isIpv6());
    if (!reachableFamily) {
      return Optional.of(ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH);
    }
    return verdict() == PeerVerdict.REFUSED ? Optional.of(ErrorCode.FORBIDDEN) : Optional.empty();
  }

  private PeerVerdict verdict() {
    return shared
        .peerPolicy()
        .judge(new IpAddress(address.isIpv6(), address.high(), address.low()));
  }
}
