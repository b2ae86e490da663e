package dev.sotto.signalling.transport;

import dev.sotto.signalling.stream.StreamContext;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts XMPP over TCP, with STARTTLS or with TLS from the first byte. */
public final class XmppTcpListener {

  /** When TLS begins. */
  public enum Security {
    /** In the stream, when the client asks (RFC 6120 section 5). */
    START_TLS,
    /** Before the stream (XEP-0368). */
    DIRECT_TLS
  }

  private static final Logger LOG = LoggerFactory.getLogger(XmppTcpListener.class);

  private final Channel server;

  private XmppTcpListener(Channel server) {
    this.server = server;
  }

  /** Binds; the exception is the one of the socket. */
  public static XmppTcpListener bind(
      InetSocketAddress address,
      Security security,
      EventLoopGroup loops,
      StreamContext context,
      UnauthenticatedConnections unauthenticated,
      ServerTls tls) {
    Class<? extends ServerSocketChannel> type =
        Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    Channel server =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    InetSocketAddress remote = channel.remoteAddress();
                    if (remote == null || !unauthenticated.enter(remote.getAddress())) {
                      channel.close();
                      return;
                    }
                    if (security == Security.DIRECT_TLS) {
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    }
                    channel
                        .pipeline()
                        .addLast(
                            new TcpConnection(
                                    channel, remote.getAddress(), context, unauthenticated, tls)
                                .inbound());
                  }
                })
            .bind(address)
            .syncUninterruptibly()
            .channel();
    return new XmppTcpListener(server);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  /** Whether it accepts. */
  public boolean isOpen() {
    return server.isActive();
  }

  /** Stops accepting; idempotent, also once the loops are gone and the listener with them. */
  public void close() {
    if (!server.isOpen()) {
      return;
    }
    try {
      server.close().syncUninterruptibly();
    } catch (RejectedExecutionException e) {
      LOG.debug("the loop of {} ended first", server);
    }
  }
}
