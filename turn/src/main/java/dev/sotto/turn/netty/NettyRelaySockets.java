package dev.sotto.turn.netty;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.protocol.Counters;
import dev.sotto.turn.protocol.TransportCounters;
import dev.sotto.turn.relay.AddressFamily;
import dev.sotto.turn.relay.RelaySocket;
import dev.sotto.turn.relay.RelaySockets;
import io.netty.channel.ChannelFuture;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Opens relayed sockets on one event loop. From within that loop registration and bind are done
 * when they return.
 */
final class NettyRelaySockets implements RelaySockets {
  private final Transport transport;
  private final SingleThreadEventLoop loop;
  private final Flusher flusher;
  private final Counters counters;
  private final Optional<ErrorQueue> errorQueue;
  private final Inbox inbox;

  NettyRelaySockets(
      Transport transport, SingleThreadEventLoop loop, Flusher flusher, Counters counters) {
    this.transport = transport;
    this.loop = loop;
    this.flusher = flusher;
    this.counters = counters;
    this.inbox = new LoopInbox(loop);
    this.errorQueue = transport.hasPeerSocketOptions() ? ErrorQueue.create() : Optional.empty();
  }

  @Override
  public RelaySocket open(InetSocketAddress address, ClientTransport client, Receiver receiver)
      throws IOException {
    DatagramChannel channel = newChannel(address);
    Transport.tune(channel);
    channel.config().setRecvByteBufAllocator(Datagrams.oneByOne());
    RelaySocket socket = attach(channel, address, counters.of(client), receiver);
    completed(loop.register(channel), channel);
    completed(channel.bind(address), channel);
    return socket;
  }

  private RelaySocket attach(
      DatagramChannel channel,
      InetSocketAddress address,
      TransportCounters drops,
      Receiver receiver) {
    if (transport.hasPeerSocketOptions()) {
      PeerSocketOptions options = PeerSocketOptions.of(AddressFamily.of(address.getAddress()));
      SocketErrors errors =
          errorQueue
              .map(queue -> PeerErrors.keep(channel, options, queue, receiver))
              .orElse(SocketErrors.IGNORED);
      return PeerSocket.attach(channel, options, flusher, drops, receiver, errors);
    }
    UdpSocket socket = new UdpSocket(channel, flusher, drops, receiver);
    channel.pipeline().addLast(socket);
    return socket;
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public boolean canForbidFragmentation() {
    return transport.hasPeerSocketOptions();
  }

  @Override
  public Hold hold(InetSocketAddress address) throws IOException {
    // A plain socket of no loop: it may be released on another loop than this one.
    DatagramSocket socket = new DatagramSocket(address);
    return socket::close;
  }

  private DatagramChannel newChannel(InetSocketAddress address) throws IOException {
    try {
      return transport.newDatagramChannel(address.getAddress());
    } catch (RuntimeException e) {
      throw new IOException("cannot open a socket", e); // out of file descriptors
    }
  }

  private static void completed(ChannelFuture step, DatagramChannel channel) throws IOException {
    if (!step.isSuccess()) {
      var _ = channel.close();
      throw new IOException("cannot bind a relayed port", step.cause());
    }
  }
}
