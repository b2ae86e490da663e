package dev.sotto.benchmarks.turn;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/**
 * Clients and their peers, or pairs of clients, on one event loop, so that one clock stamps a
 * packet when it leaves and reads it when it arrives. Each client and its peer send in turns, at a
 * fixed rate whatever the server does (an open loop): a slow server shows as waiting or loss, not
 * as a smaller load.
 */
final class LoadClient implements AutoCloseable {

  /** Every payload begins with the time it was sent and the run that it belongs to. */
  static final int STAMP_BYTES = 16;

  private static final long TICK_MICROS = 500;
  private static final long HIGHEST_LATENCY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final Duration OPEN_PATIENCE = Duration.ofSeconds(60);
  private static final Duration DRAIN = Duration.ofMillis(500);
  private static final Duration REPEAT = Duration.ofSeconds(1);

  private static final AtomicInteger LOADS = new AtomicInteger();
  private static final AttributeKey<Flow> FLOW = AttributeKey.valueOf("flow");

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final ServerUnderTest server;
  private final Load.Transport transport;
  private final Load.Framing framing;
  private final Load.Peers peers;
  private final List<Flow> flows = new ArrayList<>();
  private final Channel peer;
  private final InetAddress own = nextOwnAddress();
  private Run run = new Run(0, 0);

  LoadClient(
      ServerUnderTest server, Load.Transport transport, Load.Framing framing, Load.Peers peers) {
    this.server = server;
    this.peers = peers;
    this.transport = transport;
    this.framing = framing;
    this.peer = Wires.peer(loop, this::atPeer);
  }

  /**
   * A loopback address that no load had before: a server may still hold an allocation for a client
   * of an earlier one, and the kernel gives ports out again.
   */
  private static InetAddress nextOwnAddress() {
    int number = LOADS.incrementAndGet();
    return InetAddress.ofLiteral("127.1." + (number >> 8) + "." + (number & 0xFF));
  }

  /** How fast allocations came: so many a second, and the nanoseconds that each took. */
  record Opening(double perSecond, Histogram nanos) {}

  /**
   * Opens more clients, at most {@code atOnce} of them being opened at a time.
   *
   * @throws IllegalStateException when the server does not let all of them in
   */
  Opening open(int clients, int atOnce) {
    int first = flows.size();
    CompletableFuture<Void> all = new CompletableFuture<>();
    Openings openings = new Openings(first, all);
    for (int i = 0; i < clients; i += 2) {
      CompletableFuture<InetSocketAddress> one = new CompletableFuture<>();
      CompletableFuture<InetSocketAddress> other = new CompletableFuture<>();
      addFlow(openings, one, other);
      if (i + 1 < clients) {
        addFlow(openings, other, one);
      }
    }
    long began = System.nanoTime();
    loop.execute(() -> openings.start(atOnce));
    ScheduledFuture<?> repeats =
        loop.scheduleAtFixedRate(
            () -> flows.stream().filter(flow -> !flow.isOpen()).forEach(Flow::again),
            REPEAT.toMillis(),
            REPEAT.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      all.get(OPEN_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          server.name() + " let in " + flows.stream().filter(Flow::isOpen).count() + " clients", e);
    } finally {
      repeats.cancel(false);
    }
    long took = System.nanoTime() - began;
    Histogram nanos = new Histogram(HIGHEST_LATENCY_NANOS, 3);
    flows.stream()
        .skip(first)
        .forEach(
            flow -> nanos.recordValue(Math.min(flow.allocationNanos(), HIGHEST_LATENCY_NANOS)));
    return new Opening(clients * 1e9 / took, nanos);
  }

  private void addFlow(
      Flow.Listener openings,
      CompletableFuture<InetSocketAddress> relayed,
      CompletableFuture<InetSocketAddress> ofPartner) {
    Channel channel =
        Wires.toServer(loop, transport, own, server.address(transport), this::atClient);
    InetSocketAddress outside = (InetSocketAddress) peer.localAddress();
    CompletableFuture<InetSocketAddress> whom =
        switch (peers) {
          case OUTSIDE -> CompletableFuture.completedFuture(outside);
          case CLIENTS -> ofPartner;
        };
    Flow flow =
        server.isFloor()
            ? new FloorFlow(channel, outside, openings)
            : new TurnFlow(channel, framing, relayed, whom, Account.BENCH, openings);
    channel.attr(FLOW).set(flow);
    flows.add(flow);
  }

  /** Lets the next client begin whenever one is done. Lives on the event loop. */
  private final class Openings implements Flow.Listener {
    private final CompletableFuture<Void> all;
    private int next;
    private int open;

    Openings(int first, CompletableFuture<Void> all) {
      this.all = all;
      this.next = first;
      this.open = first;
    }

    void start(int atOnce) {
      for (int i = 0; i < atOnce; i++) {
        beginNext();
      }
    }

    private void beginNext() {
      if (next < flows.size()) {
        flows.get(next++).open();
      }
    }

    @Override
    public void refused(int errorCode) {
      all.completeExceptionally(
          new IllegalStateException("an allocation was refused with " + errorCode));
    }

    @Override
    public void opened() {
      open++;
      beginNext();
      if (open == flows.size()) {
        all.complete(null);
      }
    }
  }

  /** Sends for the load's duration and waits for the last packets. */
  Delivery run(Load load) {
    CompletableFuture<Run> done = new CompletableFuture<>();
    loop.execute(() -> {
      run = new Run(load.payloadBytes(), load.packetsPerSecond());
      run.start(load.duration(), done);
    });
    Run ended = done.join();
    return new Delivery(ended.sent, ended.received, ended.latency);
  }

  private void atClient(Channel channel, ByteBuf message) {
    Flow flow = channel.attr(FLOW).get();
    int offset = flow.payloadOffset(message);
    if (offset != Flow.NO_PAYLOAD) {
      run.arrived(message, offset);
    }
  }

  private void atPeer(Channel channel, ByteBuf message) {
    run.arrived(message, message.readerIndex());
  }

  /** One load from its first packet to its last. Lives on the event loop. */
  private final class Run {
    private final long id = System.nanoTime();
    private final int payloadBytes;
    private final double packetsPerNano;
    private final Histogram latency = new Histogram(HIGHEST_LATENCY_NANOS, 3);
    private long startedNanos;
    private long sent;
    private long received;
    private int next;

    Run(int payloadBytes, int packetsPerSecond) {
      this.payloadBytes = payloadBytes;
      this.packetsPerNano = packetsPerSecond / 1e9;
    }

    void start(Duration duration, CompletableFuture<Run> done) {
      startedNanos = System.nanoTime();
      ScheduledFuture<?> ticks =
          loop.scheduleAtFixedRate(this::tick, 0, TICK_MICROS, TimeUnit.MICROSECONDS);
      loop.schedule(() -> ticks.cancel(false), duration.toMillis(), TimeUnit.MILLISECONDS);
      loop.schedule(
          () -> done.complete(this), duration.plus(DRAIN).toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
      long due = (long) ((System.nanoTime() - startedNanos) * packetsPerNano) - sent;
      for (long i = 0; i < due; i++) {
        send();
      }
      // At the loads of interest most clients have something to send in each tick.
      flows.forEach(flow -> flow.channel().flush());
      peer.flush();
    }

    /** Client and peer of one flow in turn, then those of the next. */
    private void send() {
      boolean isPaired = peers == Load.Peers.CLIENTS;
      Flow flow = flows.get((isPaired ? next : next >> 1) % flows.size());
      ByteBuf payload = peer.alloc().directBuffer(payloadBytes);
      payload.writeLong(System.nanoTime()).writeLong(id).writeZero(payloadBytes - STAMP_BYTES);
      if (isPaired || (next & 1) == 0) {
        flow.channel().write(flow.frame(payload), flow.channel().voidPromise());
      } else {
        peer.write(new DatagramPacket(payload, flow.outside()), peer.voidPromise());
      }
      next++;
      sent++;
    }

    void arrived(ByteBuf message, int offset) {
      if (message.writerIndex() - offset < STAMP_BYTES || message.getLong(offset + 8) != id) {
        return; // of an earlier run
      }
      received++;
      latency.recordValue(
          Math.min(System.nanoTime() - message.getLong(offset), HIGHEST_LATENCY_NANOS));
    }
  }

  @Override
  public void close() {
    loop.submit(() -> flows.forEach(Flow::close)).syncUninterruptibly();
    peer.close().syncUninterruptibly();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
