package dev.sotto.turn.netty;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.DropReason;
import dev.sotto.turn.protocol.Counters;
import dev.sotto.turn.protocol.TransportCounters;
import dev.sotto.turn.protocol.TurnWorker;
import dev.sotto.turn.relay.Quotas;
import dev.sotto.turn.relay.Quotas.Grant;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Sets up accepted TCP connections on one event loop.
 *
 * @param tls present for a TLS listener
 * @param connections limits connections of one source and in total
 */
record StreamAcceptor(
    Optional<TlsContext> tls,
    Quotas connections,
    Duration idleTimeout,
    Flusher flusher,
    Counters counters,
    TurnWorker worker) {

  ChannelInitializer<Channel> initializer() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        accept(channel);
      }
    };
  }

  private void accept(Channel channel) {
    String source = ((InetSocketAddress) channel.remoteAddress()).getAddress().getHostAddress();
    ClientTransport transport = tls.isPresent() ? ClientTransport.TLS : ClientTransport.TCP;
    TransportCounters own = counters.of(transport);
    if (connections.acquire(source) != Grant.GRANTED) {
      own.drop(DropReason.CONNECTION_LIMIT);
      var _ = channel.close();
      return;
    }
    channel.closeFuture().addListener(_ -> connections.release(source));
    tls.ifPresent(context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
    channel
        .pipeline()
        .addLast(
            new StreamFramer(own),
            new StreamConnection(channel, transport, flusher, own, worker, idleTimeout));
  }
}
