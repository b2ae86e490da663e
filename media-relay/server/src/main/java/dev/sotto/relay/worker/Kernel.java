package dev.sotto.relay.worker;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/** How sockets are had of the kernel: epoll with batches where there is epoll, else NIO. */
final class Kernel {
  /** A fan-out of one batch to hundreds of receivers is written before it is flushed. */
  private static final WriteBufferWaterMark SEND_QUEUE = new WriteBufferWaterMark(2 << 20, 4 << 20);

  private static final boolean EPOLL = Epoll.isAvailable();

  private Kernel() {}

  static EventLoopGroup newLoops(int count) {
    DefaultThreadFactory threads = new DefaultThreadFactory("relay", true);
    return new MultiThreadIoEventLoopGroup(
        count, threads, EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /** Whether one message can be several datagrams. */
  static boolean hasSegmentation() {
    return EPOLL && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
  }

  /**
   * Binds a socket on a loop; it reads nothing until it is told to.
   *
   * @throws RelayException when the address cannot be bound
   */
  static DatagramChannel bind(
      EventLoop loop, InetSocketAddress address, int bufferBytes, ChannelHandler handler) {
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet4Address
            ? SocketProtocolFamily.INET
            : SocketProtocolFamily.INET6;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .handler(handler)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.SO_RCVBUF, bufferBytes)
            .option(ChannelOption.SO_SNDBUF, bufferBytes)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, SEND_QUEUE);
    if (EPOLL) {
      bootstrap
          .channelFactory(() -> new EpollDatagramChannel(family))
          .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MediaSocket.BUFFER_BYTES)
          .option(
              ChannelOption.RECVBUF_ALLOCATOR,
              new FixedRecvByteBufAllocator(MediaSocket.BATCH * MediaSocket.BUFFER_BYTES));
    } else {
      bootstrap
          .channelFactory(() -> new NioDatagramChannel(family))
          .option(
              ChannelOption.RECVBUF_ALLOCATOR,
              new FixedRecvByteBufAllocator(MediaSocket.BUFFER_BYTES));
    }
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new RelayException(
          "cannot listen on UDP %s port %d (%s); free it or set another"
              .formatted(
                  address.getAddress().getHostAddress(),
                  address.getPort(),
                  bound.cause().getMessage()),
          bound.cause());
    }
    Channel channel = bound.channel();
    return (DatagramChannel) channel;
  }
}
