package dev.sotto.turn.netty;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.TurnServerException;
import dev.sotto.turn.dtls.DtlsContext;
import dev.sotto.turn.dtls.DtlsListener;
import dev.sotto.turn.protocol.Counters;
import dev.sotto.turn.protocol.TransportCounters;
import dev.sotto.turn.protocol.TurnWorker;
import dev.sotto.turn.relay.Quotas;
import dev.sotto.turn.relay.RelaySockets;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** An event loop, the TURN worker that lives on it, and the listening sockets that feed it. */
public final class WorkerLoop {
  private static final long TICK_MILLIS = 1000;
  private static final WriteBufferWaterMark LISTENER_QUEUE =
      new WriteBufferWaterMark(256 << 10, 512 << 10);

  /** What may wait for a client that reads slowly: a quarter of a second of video. */
  private static final WriteBufferWaterMark CONNECTION_QUEUE =
      new WriteBufferWaterMark(64 << 10, 128 << 10);

  private final Transport transport;
  private final SingleThreadEventLoop loop;
  private final Flusher flusher;
  private final Counters counters = new Counters();
  private final TurnWorker worker;
  private final List<Channel> listeners = new ArrayList<>();
  private final List<DtlsListener> dtlsListeners = new ArrayList<>();

  /** What a worker needs of its loop. */
  public record Surroundings(RelaySockets sockets, Counters counters) {}

  public WorkerLoop(
      Transport transport,
      SingleThreadEventLoop loop,
      Function<Surroundings, TurnWorker> newWorker) {
    this.transport = transport;
    this.loop = loop;
    this.flusher = new Flusher(loop);
    this.worker =
        newWorker.apply(
            new Surroundings(new NettyRelaySockets(transport, loop, flusher, counters), counters));
  }

  public Counters counters() {
    return counters;
  }

  /**
   * Listens on a UDP address.
   *
   * @param shared whether other loops listen on the same address
   * @return the address with the port that was bound
   * @throws TurnServerException when the address cannot be bound
   */
  public InetSocketAddress listenUdp(
      InetSocketAddress address, boolean shared, int socketBufferBytes) {
    DatagramChannel channel = newListener(address, shared, socketBufferBytes);
    UdpListener.attach(channel, flusher, counters, worker);
    return bind(channel, address);
  }

  /**
   * Listens on a UDP address for DTLS.
   *
   * @param shared whether other loops listen on the same address
   * @return the address with the port that was bound
   * @throws TurnServerException when the address cannot be bound
   */
  public InetSocketAddress listenDtls(
      InetSocketAddress address,
      boolean shared,
      int socketBufferBytes,
      DtlsContext context,
      Quotas connections,
      Duration idleTimeout) {
    DatagramChannel channel = newListener(address, shared, socketBufferBytes);
    TransportCounters dtlsCounters = counters.of(ClientTransport.DTLS);
    DtlsListener listener =
        new DtlsListener(context, loop, connections, idleTimeout, dtlsCounters, worker);
    UdpSocket socket = new UdpSocket(channel, flusher, dtlsCounters, listener::onDatagram);
    listener.attach(socket);
    channel.pipeline().addLast(socket);
    dtlsListeners.add(listener);
    return bind(channel, address);
  }

  private DatagramChannel newListener(
      InetSocketAddress address, boolean shared, int socketBufferBytes) {
    DatagramChannel channel = transport.newDatagramChannel(address.getAddress());
    Transport.tune(channel);
    transport.tuneListener(channel, shared);
    channel.config().setReceiveBufferSize(socketBufferBytes);
    channel.config().setSendBufferSize(socketBufferBytes);
    channel.config().setWriteBufferWaterMark(LISTENER_QUEUE);
    return channel;
  }

  private InetSocketAddress bind(DatagramChannel channel, InetSocketAddress address) {
    ChannelFuture bound = loop.register(channel).awaitUninterruptibly();
    if (bound.isSuccess()) {
      bound = channel.bind(address).awaitUninterruptibly();
    }
    if (!bound.isSuccess()) {
      channel.close().awaitUninterruptibly();
      throw BindFailure.of("UDP", address, bound.cause());
    }
    listeners.add(channel);
    return channel.localAddress();
  }

  /**
   * Listens on a TCP address, for TLS when {@code tls} is present.
   *
   * @return the address with the port that was bound
   * @throws TurnServerException when the address cannot be bound
   */
  public InetSocketAddress listenTcp(
      InetSocketAddress address,
      boolean shared,
      Optional<TlsContext> tls,
      Quotas connections,
      Duration idleTimeout) {
    StreamAcceptor acceptor =
        new StreamAcceptor(tls, connections, idleTimeout, flusher, counters, worker);
    ChannelFuture bound =
        transport
            .newServer(shared)
            .group(loop, loop)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, CONNECTION_QUEUE)
            .childHandler(acceptor.initializer())
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw BindFailure.of("TCP", address, bound.cause());
    }
    listeners.add(bound.channel());
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /** Lets time pass for the worker. */
  public void startTicking() {
    var _ =
        loop.scheduleAtFixedRate(worker::onTick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Lets the worker judge permissions anew; returns when it has, from any other thread. */
  public void policyChanged() {
    loop.submit(worker::onPolicyChange).awaitUninterruptibly();
  }

  /** Ends the worker's allocations and stops listening; returns when all sockets are closed. */
  public void shutDown() {
    loop.submit(worker::shutDown).awaitUninterruptibly();
    loop.submit(() -> dtlsListeners.forEach(DtlsListener::close)).awaitUninterruptibly();
    listeners.forEach(listener -> listener.close().awaitUninterruptibly());
  }
}
