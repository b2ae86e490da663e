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
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Puts {@link WebSocketUpgrade} in front of every HTTP connection and knows what is bound. */
@Singleton
final class Listeners implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {

  private final StreamContext context;
  private final UnauthenticatedConnections unauthenticated;
  private final List<Channel> bound = new CopyOnWriteArrayList<>();

  Listeners(StreamContext context, UnauthenticatedConnections unauthenticated) {
    this.context = context;
    this.unauthenticated = unauthenticated;
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

    OnConnection(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void onStreamPipelineBuilt() {
      channel
          .pipeline()
          .addAfter(
              ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
              "xmpp-upgrade",
              new WebSocketUpgrade(context, unauthenticated))
          // Behind the upgrade, which removes what is behind it: streams have deadlines of their
          // own.
          .addAfter(
              "xmpp-upgrade",
              "request-deadline",
              new RequestDeadline(context.limits().authTimeout()));
    }
  }
}
