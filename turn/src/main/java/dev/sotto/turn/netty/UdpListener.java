package dev.sotto.turn.netty;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.protocol.Counters;
import dev.sotto.turn.protocol.TurnWorker;
import dev.sotto.turn.relay.ClientLink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;

/** One event loop's share of a UDP listening address. */
final class UdpListener extends ClientLink {
  private final UdpSocket socket;

  private UdpListener(
      DatagramChannel channel, Flusher flusher, Counters counters, TurnWorker worker) {
    socket =
        new UdpSocket(
            channel,
            flusher,
            counters.of(ClientTransport.UDP),
            (datagram, client) -> worker.onClientDatagram(datagram, client, this));
  }

  /** Lets the worker serve the clients of this channel. */
  static void attach(
      DatagramChannel channel, Flusher flusher, Counters counters, TurnWorker worker) {
    UdpListener listener = new UdpListener(channel, flusher, counters, worker);
    channel.pipeline().addLast(listener.socket);
  }

  @Override
  public ClientTransport transport() {
    return ClientTransport.UDP;
  }

  @Override
  public void send(ByteBuf message, InetSocketAddress client) {
    socket.send(message, client);
  }
}
