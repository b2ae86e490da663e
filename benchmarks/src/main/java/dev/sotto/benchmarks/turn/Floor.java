package dev.sotto.benchmarks.turn;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The least that a relay of TURN's shape can do on this transport: one shared socket towards
 * clients, a socket a client towards its peer, and bytes passed on unread. No rules, no counters,
 * no protection: a yardstick and nothing else. Prints its port and runs until it is ended.
 */
final class Floor {

  /** A greeting holds the peer's port; its answer the port towards the peer. */
  static final int GREETING_BYTES = 2;

  /** Shorter than any payload: the client's socket is not needed any more. */
  static final int FAREWELL_BYTES = 1;

  private static final int DATAGRAM_BYTES = 2048;
  private static final int BATCH = 16;
  private static final int SOCKET_BUFFER_BYTES = 1 << 20;

  private Floor() {}

  /** The only argument is the number of event loops. */
  public static void main(String[] arguments) throws InterruptedException {
    int loops = Integer.parseInt(arguments[0]);
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, EpollIoHandler.newFactory());
    int port = 0;
    for (EventExecutor loop : group) {
      port = new Shared((EventLoop) loop).bind(port);
    }
    System.out.println(port);
    Thread.currentThread().join();
  }

  private static Bootstrap sockets(EventLoop loop, ChannelInboundHandlerAdapter handler) {
    return new Bootstrap()
        .group(loop)
        .channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET))
        .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
        .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
        .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_BYTES)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES * BATCH))
        .handler(handler);
  }

  /** The socket that all clients of one event loop share. */
  private static final class Shared extends ChannelInboundHandlerAdapter {
    private final EventLoop loop;
    private final Map<InetSocketAddress, Own> clients = new HashMap<>();
    private final Set<Channel> written = new LinkedHashSet<>();
    private Channel channel;

    Shared(EventLoop loop) {
      this.loop = loop;
    }

    int bind(int port) {
      channel =
          sockets(loop, this)
              .option(EpollChannelOption.SO_REUSEPORT, true)
              .bind("127.0.0.1", port)
              .syncUninterruptibly()
              .channel();
      return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      ByteBuf content = packet.content();
      if (content.readableBytes() == GREETING_BYTES) {
        greet(packet.sender(), content.readUnsignedShort());
        content.release();
        return;
      }
      if (content.readableBytes() == FAREWELL_BYTES) {
        content.release();
        Optional.ofNullable(clients.remove(packet.sender())).ifPresent(Own::close);
        return;
      }
      Own own = clients.get(packet.sender());
      if (own == null) {
        content.release();
        return;
      }
      own.channel.write(new DatagramPacket(content, own.peer), own.channel.voidPromise());
      written.add(own.channel);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      written.forEach(Channel::flush);
      written.clear();
    }

    private void greet(InetSocketAddress client, int peerPort) {
      InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), peerPort);
      Own own = clients.computeIfAbsent(client, it -> new Own(this, it, peer));
      if (own.channel != null) {
        own.answer();
        return;
      }
      sockets(loop, own)
          .bind("127.0.0.1", 0)
          .addListener(
              (io.netty.channel.ChannelFutureListener)
                  bound -> {
                    own.channel = bound.channel();
                    own.answer();
                  });
    }
  }

  /** One client's socket towards its peer. */
  private static final class Own extends ChannelInboundHandlerAdapter {
    private final Shared shared;
    private final InetSocketAddress client;
    private final InetSocketAddress peer;
    private Channel channel;

    Own(Shared shared, InetSocketAddress client, InetSocketAddress peer) {
      this.shared = shared;
      this.client = client;
      this.peer = peer;
    }

    void close() {
      if (channel != null) {
        channel.close();
      }
    }

    void answer() {
      ByteBuf port = channel.alloc().buffer(GREETING_BYTES);
      port.writeShort(((InetSocketAddress) channel.localAddress()).getPort());
      shared.channel.writeAndFlush(new DatagramPacket(port, client), shared.channel.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      shared.channel.write(
          new DatagramPacket(packet.content(), client), shared.channel.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      shared.channel.flush();
    }
  }
}
