package dev.sotto.turn.netty;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.DropReason;
import dev.sotto.turn.protocol.TransportCounters;
import dev.sotto.turn.protocol.TurnWorker;
import dev.sotto.turn.relay.ClientLink;
import dev.sotto.turn.stun.StunMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A client's TCP or TLS connection. Its allocation ends with it, and it ends when it has neither an
 * allocation nor said anything whole for a while: an open connection alone earns nothing.
 */
final class StreamConnection extends ChannelInboundHandlerAdapter implements Flushable {
  private final Channel channel;
  private final InetSocketAddress client;
  private final Flusher flusher;
  private final TransportCounters counters;
  private final TurnWorker worker;
  private final Duration idleTimeout;
  private final Link link;
  private boolean unflushed;
  private boolean spoke;

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
    this.idleTimeout = idleTimeout;
    this.link = new Link(transport);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    scheduleIdleCheck();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    spoke = true;
    worker.onClientDatagram((ByteBuf) message, client, link);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
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

  private void scheduleIdleCheck() {
    var _ =
        channel
            .eventLoop()
            .schedule(this::closeIfIdle, idleTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void closeIfIdle() {
    if (!channel.isActive()) {
      return;
    }
    if (!spoke && link.allocations().isEmpty()) {
      var _ = channel.close();
      return;
    }
    spoke = false;
    scheduleIdleCheck();
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
