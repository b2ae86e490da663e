package dev.sotto.turn.protocol;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.TurnClock;
import dev.sotto.turn.auth.Authentication.Challenged;
import dev.sotto.turn.auth.Authentication.Genuine;
import dev.sotto.turn.auth.Authentication.Malformed;
import dev.sotto.turn.auth.Authenticator;
import dev.sotto.turn.auth.Credentials;
import dev.sotto.turn.auth.Nonces;
import dev.sotto.turn.relay.Allocation;
import dev.sotto.turn.relay.ClientLink;
import dev.sotto.turn.relay.RelaySockets;
import dev.sotto.turn.stun.ChannelData;
import dev.sotto.turn.stun.ErrorCode;
import dev.sotto.turn.stun.Fingerprint;
import dev.sotto.turn.stun.MessageIntegrity;
import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.stun.StunMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The TURN server of one event loop: a state machine that takes datagrams and time and hands out
 * datagrams. It owns the allocations of the clients whose packets arrive on its loop; nothing here
 * is touched by another thread.
 */
public final class TurnWorker {
  private final TurnClock clock;
  private final SharedState shared;
  private final Counters counters;
  private final StunMessage message = new StunMessage();
  private final KnownAttributes knownAttributes;
  private final Authenticator authenticator;
  private final Responder responder;
  private final Allocations allocations;
  private final DataPath dataPath;
  private final AllocateHandler allocate;
  private final RefreshHandler refresh;
  private final PeerRequestHandler peers;

  /** What a worker is made of besides the state it shares with the others. */
  public record Parts(
      TurnClock clock,
      RandomGenerator random,
      ByteBufAllocator buffers,
      RelaySockets sockets,
      Counters counters,
      String realm,
      Credentials credentials,
      Nonces nonces,
      ResponseBudget budget,
      ProtocolLimits limits) {}

  public TurnWorker(SharedState shared, Parts parts) {
    this.clock = parts.clock();
    this.shared = shared;
    this.counters = parts.counters();
    knownAttributes = new KnownAttributes(parts.sockets().canForbidFragmentation());
    MessageIntegrity integrity = new MessageIntegrity();
    authenticator =
        new Authenticator(parts.realm(), parts.credentials(), parts.nonces(), clock, integrity);
    responder =
        new Responder(
            parts.buffers(), integrity, parts.nonces(), parts.budget(), counters, parts.realm());
    allocations = new Allocations(shared, counters);
    dataPath =
        new DataPath(
            shared.peerPolicy(),
            shared.localRelays(),
            knownAttributes,
            clock,
            counters,
            parts.buffers(),
            new SplittableRandom(parts.random().nextLong()));
    RelayOpener opener = new RelayOpener(shared, parts.sockets(), counters, parts.random());
    allocate =
        new AllocateHandler(
            shared, allocations, opener, dataPath, responder, parts.limits(), parts.random());
    refresh = new RefreshHandler(allocations, responder, parts.limits());
    peers = new PeerRequestHandler(shared, responder, parts.limits(), counters);
  }

  /** Takes one STUN or ChannelData message from a client, and the reference to it. */
  public void onClientDatagram(ByteBuf datagram, InetSocketAddress client, ClientLink link) {
    boolean passedOn = false;
    try {
      passedOn = dispatch(datagram, client, link);
    } finally {
      if (!passedOn) {
        datagram.release();
      }
    }
  }

  /** Ends what has expired; to be called about once a second. */
  public void onTick() {
    long now = clock.monotonicNanos();
    allocations.sweep(now);
    shared.reservations().removeExpired(now);
    shared.userRates().removeRested(now);
  }

  /** A connection to a client is gone, and with it the allocation that was made through it. */
  public void onLinkClosed(ClientLink link) {
    long now = clock.monotonicNanos();
    List.copyOf(link.allocations().values())
        .forEach(allocation -> allocations.end(allocation, AllocationEnd.CLIENT_GONE, now));
  }

  /** The peer policy has changed: permissions that it would not grant any more end. */
  public void onPolicyChange() {
    allocations.judgePermissionsAnew();
  }

  /** Ends every allocation. */
  public void shutDown() {
    allocations.endAll(AllocationEnd.SHUTDOWN, clock.monotonicNanos());
  }

  private boolean dispatch(ByteBuf datagram, InetSocketAddress client, ClientLink link) {
    if (datagram.isReadable() && ChannelData.startsLike(datagram.getByte(datagram.readerIndex()))) {
      return dataPath.channelData(datagram, client, link);
    }
    if (!message.wrap(datagram)) {
      return drop(link, DropReason.MALFORMED);
    }
    if (!Fingerprint.isAbsentOrRight(message)) {
      return drop(link, DropReason.FINGERPRINT_MISMATCH);
    }
    int type = message.type();
    if (type == MessageType.SEND_INDICATION) {
      return dataPath.send(message, datagram, client, link);
    }
    switch (type) {
      case MessageType.BINDING_REQUEST -> bind(client, link);
      case MessageType.ALLOCATE_REQUEST,
          MessageType.REFRESH_REQUEST,
          MessageType.CREATE_PERMISSION_REQUEST,
          MessageType.CHANNEL_BIND_REQUEST ->
          authenticate(type, client, link);
      default ->
          drop(
              link,
              MessageType.isRequest(type)
                  ? DropReason.UNKNOWN_METHOD
                  : DropReason.UNEXPECTED_CLASS);
    }
    return false;
  }

  private void bind(InetSocketAddress client, ClientLink link) {
    long now = clock.monotonicNanos();
    int[] unknown = knownAttributes.unknownIn(message);
    if (unknown.length > 0) {
      responder.refuseUnknown(message, client, link, unknown, now);
    } else {
      responder.binding(message, client, link, now);
    }
  }

  private void authenticate(int type, InetSocketAddress client, ClientLink link) {
    long now = clock.monotonicNanos();
    switch (authenticator.check(message, client)) {
      case Genuine user -> handle(type, new Request(message, client, link, user), now);
      case Challenged challenged ->
          responder.challenge(message, client, link, challenged.error(), now);
      case Malformed _ -> responder.refuse(message, client, link, ErrorCode.BAD_REQUEST, now);
    }
  }

  private void handle(int type, Request request, long now) {
    int[] unknown = knownAttributes.unknownIn(message);
    if (unknown.length > 0) {
      responder.fail(
          request,
          answer -> answer.errorCode(ErrorCode.UNKNOWN_ATTRIBUTE).unknownAttributes(unknown));
      return;
    }
    if (type == MessageType.ALLOCATE_REQUEST) {
      allocate.handle(request, now);
      return;
    }
    Optional<Allocation> allocation = allocations.find(request.link(), request.client(), now);
    if (allocation.isEmpty()) {
      responder.fail(request, ErrorCode.ALLOCATION_MISMATCH);
      return;
    }
    if (!allocation.get().owner().equals(request.user().credential().owner())) {
      responder.fail(request, ErrorCode.WRONG_CREDENTIALS);
      return;
    }
    switch (type) {
      case MessageType.REFRESH_REQUEST -> refresh.handle(request, allocation.get(), now);
      case MessageType.CREATE_PERMISSION_REQUEST ->
          peers.createPermission(request, allocation.get(), now);
      default -> peers.bindChannel(request, allocation.get(), now);
    }
  }

  private boolean drop(ClientLink link, DropReason reason) {
    counters.of(link.transport()).drop(reason);
    return false;
  }
}
