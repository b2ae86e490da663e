package dev.sotto.turn.netty;

import dev.sotto.turn.DropReason;
import dev.sotto.turn.protocol.TransportCounters;
import dev.sotto.turn.relay.RelaySocket;
import dev.sotto.turn.relay.RelaySockets.Receiver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;

/**
 * A relayed socket on Linux: it can forbid fragmentation, datagram by datagram. The kernel knows
 * that only as an option of the socket, so what was written under the other setting leaves first.
 */
final class PeerSocket implements RelaySocket {
  private final DatagramChannel channel;
  private final PeerSocketOptions options;
  private final UdpSocket socket;
  private final TransportCounters counters;
  private boolean unfragmented;

  private PeerSocket(
      DatagramChannel channel,
      PeerSocketOptions options,
      UdpSocket socket,
      TransportCounters counters) {
    this.channel = channel;
    this.options = options;
    this.socket = socket;
    this.counters = counters;
  }

  /** Lets a channel that is not bound yet serve the receiver. */
  static PeerSocket attach(
      DatagramChannel channel,
      PeerSocketOptions options,
      Flusher flusher,
      TransportCounters counters,
      Receiver receiver,
      SocketErrors errors) {
    options.allowFragmentation(channel);
    UdpSocket socket = new UdpSocket(channel, flusher, counters, receiver, errors);
    channel.pipeline().addLast(socket);
    return new PeerSocket(channel, options, socket, counters);
  }

  @Override
  public void send(ByteBuf payload, InetSocketAddress peer) {
    if (unfragmented && !switchTo(false)) {
      drop(payload);
      return;
    }
    socket.send(payload, peer);
  }

  @Override
  public void sendUnfragmented(ByteBuf payload, InetSocketAddress peer) {
    if (!unfragmented && !switchTo(true)) {
      drop(payload);
      return;
    }
    socket.send(payload, peer);
  }

  @Override
  public void close() {
    socket.close();
  }

  private boolean switchTo(boolean forbidden) {
    channel.flush();
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    if (queue == null || !queue.isEmpty()) {
      return false; // closed, or the kernel takes no more for now
    }
    if (forbidden) {
      options.forbidFragmentation(channel);
    } else {
      options.allowFragmentation(channel);
    }
    unfragmented = forbidden;
    return true;
  }

  private void drop(ByteBuf payload) {
    counters.drop(DropReason.SEND_QUEUE_FULL);
    payload.release();
  }
}
