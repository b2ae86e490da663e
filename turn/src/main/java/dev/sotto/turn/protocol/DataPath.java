package dev.sotto.turn.protocol;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.TurnClock;
import dev.sotto.turn.peer.PeerPolicy;
import dev.sotto.turn.relay.Allocation;
import dev.sotto.turn.relay.AllocationLimits.Verdict;
import dev.sotto.turn.relay.ChannelBinding;
import dev.sotto.turn.relay.ClientLink;
import dev.sotto.turn.relay.IcmpError;
import dev.sotto.turn.relay.LocalRelay;
import dev.sotto.turn.relay.LocalRelays;
import dev.sotto.turn.relay.Permission;
import dev.sotto.turn.relay.RelaySocket;
import dev.sotto.turn.relay.RelaySockets;
import dev.sotto.turn.relay.RelayedTransport;
import dev.sotto.turn.stun.AttributeType;
import dev.sotto.turn.stun.ChannelData;
import dev.sotto.turn.stun.DataIndication;
import dev.sotto.turn.stun.StunMessage;
import dev.sotto.turn.stun.XorAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What happens to every relayed packet (RFC 8656 sections 11 and 12), without an object on the
 * heap. Towards a peer the header comes off in place; towards the client header and payload are
 * laid into a pooled buffer, since a received datagram has no room in front. A method that returns
 * true has passed the buffer on; otherwise its reference is still the caller's.
 */
final class DataPath {
  private static final int ICMP_INDICATION_BYTES = 64;

  private final PeerPolicy policy;
  private final LocalRelays localRelays;
  private final KnownAttributes knownAttributes;
  private final TurnClock clock;
  private final Counters counters;
  private final ByteBufAllocator buffers;
  private final RandomGenerator random;
  private final XorAddress peerAddress = new XorAddress();

  DataPath(
      PeerPolicy policy,
      LocalRelays localRelays,
      KnownAttributes knownAttributes,
      TurnClock clock,
      Counters counters,
      ByteBufAllocator buffers,
      RandomGenerator random) {
    this.policy = policy;
    this.localRelays = localRelays;
    this.knownAttributes = knownAttributes;
    this.clock = clock;
    this.counters = counters;
    this.buffers = buffers;
    this.random = random;
  }

  /**
   * ChannelData from a client. Bytes behind the announced length are padding and may be there over
   * UDP too.
   */
  boolean channelData(ByteBuf datagram, InetSocketAddress client, ClientLink link) {
    if (datagram.readableBytes() < ChannelData.HEADER_BYTES
        || ChannelData.length(datagram) > datagram.readableBytes() - ChannelData.HEADER_BYTES) {
      return drop(link, DropReason.MALFORMED);
    }
    long now = clock.monotonicNanos();
    Allocation allocation = link.allocations().get(client);
    if (allocation == null || !allocation.isAlive(now)) {
      return drop(link, DropReason.NO_ALLOCATION);
    }
    Optional<ChannelBinding> channel =
        allocation.channels().find(ChannelData.channelNumber(datagram), now);
    if (channel.isEmpty()) {
      return drop(link, DropReason.NO_CHANNEL);
    }
    int payload = datagram.readerIndex() + ChannelData.HEADER_BYTES;
    int length = ChannelData.length(datagram);
    datagram.setIndex(payload, payload + length);
    return toPeer(allocation, datagram, channel.get().peer(), false, now);
  }

  /** A Send indication from a client, wrapped around the same bytes as {@code message}. */
  boolean send(StunMessage message, ByteBuf datagram, InetSocketAddress client, ClientLink link) {
    int peer = message.indexOf(AttributeType.XOR_PEER_ADDRESS);
    int data = message.indexOf(AttributeType.DATA);
    if (peer < 0
        || data < 0
        || !peerAddress.read(message, peer)
        || !knownAttributes.allAcceptable(message)) {
      return drop(link, DropReason.MALFORMED);
    }
    long now = clock.monotonicNanos();
    Allocation allocation = link.allocations().get(client);
    if (allocation == null || !allocation.isAlive(now)) {
      return drop(link, DropReason.NO_ALLOCATION);
    }
    boolean unfragmented = message.has(AttributeType.DONT_FRAGMENT);
    int payload = message.valueOffset(data);
    datagram.setIndex(payload, payload + message.valueLength(data));
    return toPeer(allocation, datagram, allocation.resolve(peerAddress), unfragmented, now);
  }

  private boolean toPeer(
      Allocation allocation,
      ByteBuf payload,
      InetSocketAddress peer,
      boolean unfragmented,
      long now) {
    Optional<Permission> permission = allocation.permissions().find(peer.getAddress(), now);
    Optional<RelayedTransport> relay = allocation.relayTo(peer.getAddress());
    if (permission.isEmpty() || relay.isEmpty()) {
      return drop(allocation.link(), DropReason.NO_PERMISSION);
    }
    Optional<LocalRelay> local = localRelays.at(peer);
    if (local.isEmpty() && !policy.isReachable(permission.get().verdict(), peer)) {
      return drop(allocation.link(), DropReason.PEER_REFUSED);
    }
    int bytes = payload.readableBytes();
    Verdict verdict = allocation.limits().take(bytes, now);
    if (verdict != Verdict.GRANTED) {
      return drop(allocation.link(), reasonOf(verdict));
    }
    allocation.traffic().toPeer(bytes);
    counters.of(allocation.link().transport()).toPeer(bytes);
    if (local.isPresent()) {
      return local.get().send(payload, relay.get().advertised())
          || drop(allocation.link(), DropReason.SEND_QUEUE_FULL);
    }
    RelaySocket socket = relay.get().socket();
    if (unfragmented) {
      socket.sendUnfragmented(payload, peer);
    } else {
      socket.send(payload, peer);
    }
    return true;
  }

  /** Who takes what arrives at a relayed address of {@code allocation}. */
  RelaySockets.Receiver receiverFor(Allocation allocation) {
    return new RelaySockets.Receiver() {
      @Override
      public void onPeerDatagram(ByteBuf payload, InetSocketAddress peer) {
        toClient(allocation, payload, peer);
        payload.release();
      }

      @Override
      public void onIcmpError(IcmpError error) {
        tellClient(allocation, error);
      }
    };
  }

  /**
   * A network error becomes a Data indication, on a channel's peer too (RFC 8656 section 11.5). Who
   * may not send to the peer hears nothing of it either.
   */
  private void tellClient(Allocation allocation, IcmpError error) {
    long now = clock.monotonicNanos();
    InetSocketAddress peer = error.peer();
    boolean permitted =
        allocation
            .permissions()
            .find(peer.getAddress(), now)
            .filter(permission -> policy.isReachable(permission.verdict(), peer))
            .isPresent();
    if (error.isForClients() && permitted && allocation.isAlive(now)) {
      ByteBuf message = buffers.directBuffer(ICMP_INDICATION_BYTES);
      DataIndication.writeIcmp(
          message,
          peer,
          error.type(),
          error.code(),
          error.errorData(),
          random.nextLong(),
          random.nextInt());
      allocation.link().send(message, allocation.client());
    }
  }

  private void toClient(Allocation allocation, ByteBuf payload, InetSocketAddress peer) {
    long now = clock.monotonicNanos();
    Optional<Permission> permission = allocation.permissions().find(peer.getAddress(), now);
    if (permission.isEmpty() || !allocation.isAlive(now)) {
      drop(allocation.link(), DropReason.NO_PERMISSION);
      return;
    }
    if (!policy.isReachable(permission.get().verdict(), peer)) {
      drop(allocation.link(), DropReason.PEER_REFUSED);
      return;
    }
    int bytes = payload.readableBytes();
    Verdict verdict = allocation.limits().take(bytes, now);
    if (verdict != Verdict.GRANTED) {
      drop(allocation.link(), reasonOf(verdict));
      return;
    }
    allocation.traffic().toClient(bytes);
    counters.of(allocation.link().transport()).toClient(bytes);
    Optional<ChannelBinding> channel = allocation.channels().find(peer, now);
    ByteBuf message =
        channel.isPresent()
            ? channelData(payload, channel.get())
            : dataIndication(payload, permission.get(), peer.getPort());
    allocation.link().send(message, allocation.client());
  }

  private ByteBuf channelData(ByteBuf payload, ChannelBinding channel) {
    ByteBuf message =
        buffers.directBuffer(
            ChannelData.HEADER_BYTES + StunMessage.padded(payload.readableBytes()));
    ChannelData.write(message, channel.number(), payload);
    return message;
  }

  private ByteBuf dataIndication(ByteBuf payload, Permission permission, int peerPort) {
    byte[] peerIp = permission.peerIp();
    ByteBuf message =
        buffers.directBuffer(DataIndication.messageBytes(peerIp, payload.readableBytes()));
    DataIndication.write(message, peerIp, peerPort, payload, random.nextLong(), random.nextInt());
    return message;
  }

  private static DropReason reasonOf(Verdict verdict) {
    return switch (verdict) {
      case ALLOCATION_RATE_REACHED -> DropReason.ALLOCATION_RATE;
      case USER_RATE_REACHED -> DropReason.USER_RATE;
      case TOTAL_RATE_REACHED -> DropReason.TOTAL_RATE;
      case GRANTED -> throw new IllegalArgumentException("not a reason to drop");
    };
  }

  private boolean drop(ClientLink link, DropReason reason) {
    counters.of(link.transport()).drop(reason);
    return false;
  }
}
