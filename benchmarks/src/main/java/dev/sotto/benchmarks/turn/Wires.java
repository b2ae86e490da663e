package dev.sotto.benchmarks.turn;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLException;

/**
 * Opens the load client's sockets. Bytes arrive as one message each, in a buffer of the receiver's.
 */
final class Wires {

  private static final int BATCH = 16;
  private static final int DATAGRAM_BYTES = 2048;
  private static final int SOCKET_BUFFER_BYTES = 1 << 20;
  private static final SslContext TRUST_ANYONE = trustAnyone();

  /** What arrives; the buffer is released after the call. */
  @FunctionalInterface
  interface Receiver {
    void receive(Channel channel, ByteBuf message);
  }

  private Wires() {}

  /** A client's connection to the server from an address of its own. */
  static Channel toServer(
      EventLoop loop,
      Load.Transport transport,
      InetAddress own,
      InetSocketAddress server,
      Receiver receiver) {
    InetSocketAddress from = new InetSocketAddress(own, 0);
    return switch (transport) {
      case UDP -> open(datagrams(loop, receiver).connect(server, from));
      case TCP -> open(stream(loop, receiver, false).connect(server, from));
      case TLS -> open(stream(loop, receiver, true).connect(server, from));
    };
  }

  /** A peer's socket. */
  static Channel peer(EventLoop loop, Receiver receiver) {
    return open(
        datagrams(loop, receiver).bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }

  private static Channel open(io.netty.channel.ChannelFuture opening) {
    return opening.syncUninterruptibly().channel();
  }

  private static Bootstrap datagrams(EventLoop loop, Receiver receiver) {
    return new Bootstrap()
        .group(loop)
        .channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET))
        .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
        .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
        .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_BYTES)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES * BATCH))
        .handler(new Inbound(receiver));
  }

  private static Bootstrap stream(EventLoop loop, Receiver receiver, boolean tls) {
    return new Bootstrap()
        .group(loop)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                if (tls) {
                  channel.pipeline().addLast(TRUST_ANYONE.newHandler(channel.alloc()));
                }
                channel.pipeline().addLast(new StunStreamDecoder(), new Inbound(receiver));
              }
            });
  }

  private static SslContext trustAnyone() {
    try {
      return SslContextBuilder.forClient()
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Inbound extends ChannelInboundHandlerAdapter {
    private final Receiver receiver;

    Inbound(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof DatagramPacket packet) {
        receiver.receive(context.channel(), packet.content());
        packet.release();
      } else if (message instanceof ByteBuf bytes) {
        receiver.receive(context.channel(), bytes);
        bytes.release();
      }
    }

    /** A refused or dropped datagram is a lost packet, and counted as that. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
  }
}
