package dev.sotto.signalling.http;

import dev.sotto.signalling.stream.StreamContext;
import dev.sotto.signalling.transport.UnauthenticatedConnections;
import dev.sotto.signalling.transport.WebSocketUpgrade;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Knows what is bound, lets so many connections of one address in, and puts {@link HttpGate} and
 * {@link WebSocketUpgrade} in front of each. A connection that has become a WebSocket counts among
 * the unauthenticated ones only.
 */
@Singleton
final class Listeners implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {

  private final StreamContext context;
  private final UnauthenticatedConnections unauthenticated;
  private final UnauthenticatedConnections plain;
  private final List<Channel> bound = new CopyOnWriteArrayList<>();

  Listeners(StreamContext context, UnauthenticatedConnections unauthenticated) {
    this.context = context;
    this.unauthenticated = unauthenticated;
    this.plain = new UnauthenticatedConnections(context.limits().connectionsPerAddress());
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new OnListener());
    return event.getBean();
  }

  /** Where listeners are bound, in the order of their configuration. */
  List<InetSocketAddress> addresses() {
    return bound.stream().map(channel -> (InetSocketAddress) channel.localAddress()).toList();
  }

  /** Stops accepting. */
  void close() {
    for (Channel listener : bound) {
      if (listener.isOpen()) {
        listener.close().syncUninterruptibly();
      }
    }
  }

  private final class OnListener implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return switch (role) {
        case LISTENER -> {
          bound.add(channel);
          yield this;
        }
        case CONNECTION -> new OnConnection(channel);
        case REQUEST_STREAM, PUSH_PROMISE_STREAM -> this;
      };
    }
  }

  private final class OnConnection implements NettyServerCustomizer {
    private final Channel channel;
    private Optional<InetAddress> place = Optional.empty();
    private boolean asked;

    OnConnection(Channel channel) {
      this.channel = channel;
    }

    /** Called with TLS only: before it, which would cost more than the rest. */
    @Override
    public void onInitialPipelineBuilt() {
      enter();
    }

    private void enter() {
      if (asked) {
        return;
      }
      asked = true;
      InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
      if (remote == null || !plain.enter(remote.getAddress())) {
        channel.close();
        return;
      }
      place = Optional.of(remote.getAddress());
      channel.closeFuture().addListener(closed -> leave());
    }

    private void leave() {
      place.ifPresent(plain::leave);
      place = Optional.empty();
    }

    @Override
    public void onStreamPipelineBuilt() {
      enter();
      channel
          .pipeline()
          .addAfter(
              ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
              "gate",
              new HttpGate(context.draining()::get, this::leave))
          .addAfter("gate", "xmpp-upgrade", new WebSocketUpgrade(context, unauthenticated))
          // Behind the upgrade, which removes what is behind it: streams have deadlines of their
          // own.
          .addAfter(
              "xmpp-upgrade",
              "request-deadline",
              new RequestDeadline(context.limits().authTimeout()));
    }
  }
}
