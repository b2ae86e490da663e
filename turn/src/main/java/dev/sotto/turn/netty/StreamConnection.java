package dev.sotto.turn.netty;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.DropReason;
import dev.sotto.turn.protocol.TransportCounters;
import dev.sotto.turn.protocol.TurnWorker;
import dev.sotto.turn.relay.ClientLink;
import dev.sotto.turn.relay.IdleCheck;
import dev.sotto.turn.stun.StunMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A client's TCP or TLS connection. Its allocation ends with it, and it ends when it has had no
 * allocation for a while.
 */
final class StreamConnection extends ChannelInboundHandlerAdapter implements Flushable {
  private final Channel channel;
  private final InetSocketAddress client;
  private final Flusher flusher;
  private final TransportCounters counters;
  private final TurnWorker worker;
  private final Link link;
  private final IdleCheck idle;
  private boolean unflushed;

  StreamConnection(
      Channel channel,
      ClientTransport transport,
      Flusher flusher,
      TransportCounters counters,
      TurnWorker worker,
      Duration idleTimeout) {
    this.channel = channel;
    this.client = (InetSocketAddress) channel.remoteAddress();
    this.flusher = flusher;
    this.counters = counters;
    this.worker = worker;
    this.link = new Link(transport);
    this.idle = new IdleCheck(channel.eventLoop(), idleTimeout, link, channel::close);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    idle.start();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    worker.onClientDatagram((ByteBuf) message, client, link);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    idle.stop();
    worker.onLinkClosed(link);
  }

  /**
   * A reset connection or a failed handshake: what there was ends with {@link #channelInactive}.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }

  @Override
  public void flush() {
    unflushed = false;
    channel.flush();
  }

  private final class Link extends ClientLink {
    private final ClientTransport transport;

    private Link(ClientTransport transport) {
      this.transport = transport;
    }

    @Override
    public ClientTransport transport() {
      return transport;
    }

    @Override
    public void send(ByteBuf message, InetSocketAddress destination) {
      if (!channel.isWritable()) {
        // A client that does not read loses packets, as it would over UDP, instead of filling the
        // server's memory.
        counters.drop(DropReason.SEND_QUEUE_FULL);
        message.release();
        return;
      }
      message.writeZero(StunMessage.padded(message.readableBytes()) - message.readableBytes());
      var _ = channel.write(message, channel.voidPromise());
      if (!unflushed) {
        unflushed = true;
        flusher.add(StreamConnection.this);
      }
    }
  }
}
