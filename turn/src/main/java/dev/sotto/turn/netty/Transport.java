package dev.sotto.turn.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * The kernel interface in use. Epoll spreads clients over loops by SO_REUSEPORT; NIO, the fallback,
 * uses one loop.
 */
public enum Transport {
  EPOLL {
    @Override
    public int loops(int wanted) {
      return wanted;
    }

    @Override
    public EventLoopGroup newLoops(int count) {
      return new MultiThreadIoEventLoopGroup(count, threads(), EpollIoHandler.newFactory());
    }

    @Override
    DatagramChannel newDatagramChannel(InetAddress address) {
      return new EpollDatagramChannel(family(address));
    }

    @Override
    ServerBootstrap newServer(boolean shared) {
      return new ServerBootstrap()
          .channel(EpollServerSocketChannel.class)
          .option(EpollChannelOption.SO_REUSEPORT, shared);
    }

    @Override
    boolean hasPeerSocketOptions() {
      return true;
    }

    @Override
    void tuneListener(DatagramChannel channel, boolean shared) {
      channel.config().setOption(EpollChannelOption.SO_REUSEPORT, shared);
      channel
          .config()
          .setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, Datagrams.BUFFER_BYTES);
      channel.config().setRecvByteBufAllocator(Datagrams.inBatches());
    }
  },

  NIO {
    @Override
    public int loops(int wanted) {
      return 1;
    }

    @Override
    public EventLoopGroup newLoops(int count) {
      return new MultiThreadIoEventLoopGroup(count, threads(), NioIoHandler.newFactory());
    }

    @Override
    DatagramChannel newDatagramChannel(InetAddress address) {
      return new NioDatagramChannel(family(address));
    }

    @Override
    ServerBootstrap newServer(boolean shared) {
      return new ServerBootstrap().channel(NioServerSocketChannel.class);
    }

    @Override
    boolean hasPeerSocketOptions() {
      return false;
    }

    @Override
    void tuneListener(DatagramChannel channel, boolean shared) {
      channel.config().setRecvByteBufAllocator(Datagrams.oneByOne());
    }
  };

  public static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /** How many event loops make sense when {@code wanted} were asked for. */
  public abstract int loops(int wanted);

  public abstract EventLoopGroup newLoops(int count);

  /**
   * @param shared whether several loops bind the same address
   */
  abstract ServerBootstrap newServer(boolean shared);

  abstract DatagramChannel newDatagramChannel(InetAddress address);

  /** Whether {@link PeerSocketOptions} can be set on its sockets. */
  abstract boolean hasPeerSocketOptions();

  /**
   * @param shared whether several loops bind the same address
   */
  abstract void tuneListener(DatagramChannel channel, boolean shared);

  /** Options that every datagram socket of the server has. */
  static void tune(DatagramChannel channel) {
    channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
    channel.config().setOption(ChannelOption.SO_REUSEADDR, false);
  }

  private static SocketProtocolFamily family(InetAddress address) {
    return address instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
  }

  private static DefaultThreadFactory threads() {
    return new DefaultThreadFactory("turn", true);
  }
}
