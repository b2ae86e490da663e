package dev.sotto.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A bad path between one peer and a server, for UDP on loopback: the peer sends to {@link #address}
 * instead of to the server, and the server sees a socket of the shim's for each socket of the peer.
 * Each direction is a {@link Link} with conditions that may change at any time. One thread.
 */
final class UdpShim implements AutoCloseable {
  private static final int DATAGRAM_BYTES = 2048;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long IDLE_MILLIS = 1_000;

  private final InetSocketAddress server;
  private final Link up;
  private final Link down;
  private final Selector selector;
  private final DatagramChannel inside;
  private final InetSocketAddress address;
  private final Map<InetSocketAddress, DatagramChannel> outside = new HashMap<>();
  private final PriorityQueue<Waiting> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong(Waiting::dueNanos).thenComparingLong(Waiting::number));
  private final ByteBuffer received = ByteBuffer.allocate(DATAGRAM_BYTES);
  private final Thread thread;
  private volatile boolean closing;
  private long number;

  /** One that is under way; {@code peer} is where it goes, or whose it is. */
  private record Waiting(
      long dueNanos, long number, boolean isUp, InetSocketAddress peer, ByteBuffer datagram) {}

  private UdpShim(InetSocketAddress server, long seed) throws IOException {
    this.server = server;
    SplittableRandom random = new SplittableRandom(seed);
    up = new Link(random.split());
    down = new Link(random.split());
    selector = Selector.open();
    inside = open();
    inside.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    address = (InetSocketAddress) inside.getLocalAddress();
    thread = Thread.ofPlatform().name("udp-shim").daemon().start(this::run);
  }

  /** Stands before a server; the seed decides which datagrams get lost. */
  static UdpShim before(InetSocketAddress server, long seed) {
    try {
      return new UdpShim(server, seed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the peer is to send to. */
  InetSocketAddress address() {
    return address;
  }

  /** From the peer to the server. */
  Link up() {
    return up;
  }

  /** From the server to the peer. */
  Link down() {
    return down;
  }

  private DatagramChannel open() throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
    return channel;
  }

  private void run() {
    try {
      while (!closing) {
        Waiting next = waiting.peek();
        long untilNanos =
            next == null ? IDLE_MILLIS * NANOS_PER_MILLI : next.dueNanos() - System.nanoTime();
        if (untilNanos > 0) {
          selector.select(Math.max(1, untilNanos / NANOS_PER_MILLI));
        } else {
          selector.selectNow();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          receiveAll((DatagramChannel) key.channel());
        }
        selector.selectedKeys().clear();
        releaseDue();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void receiveAll(DatagramChannel channel) throws IOException {
    if (channel.equals(inside)) {
      InetSocketAddress peer = (InetSocketAddress) receive(channel);
      for (; peer != null; peer = (InetSocketAddress) receive(channel)) {
        offer(up, peer);
      }
      return;
    }
    InetSocketAddress peer = peerOf(channel);
    while (receive(channel) != null) {
      offer(down, peer);
    }
  }

  private Object receive(DatagramChannel channel) throws IOException {
    received.clear();
    try {
      return channel.receive(received);
    } catch (PortUnreachableException e) {
      return null; // the server has gone; the peer will notice
    }
  }

  private InetSocketAddress peerOf(DatagramChannel channel) {
    return outside.entrySet().stream()
        .filter(entry -> entry.getValue().equals(channel))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private void offer(Link link, InetSocketAddress peer) {
    received.flip();
    long due = link.offer(received.remaining(), System.nanoTime());
    if (due != Link.DROPPED) {
      ByteBuffer copy = ByteBuffer.allocate(received.remaining()).put(received).flip();
      waiting.add(new Waiting(due, number++, link.equals(up), peer, copy));
    }
  }

  private void releaseDue() throws IOException {
    long now = System.nanoTime();
    for (Waiting next = waiting.peek();
        next != null && next.dueNanos() - now <= 0;
        next = waiting.peek()) {
      waiting.remove();
      try {
        if (next.isUp()) {
          var _ = towardsServer(next.peer()).write(next.datagram());
        } else {
          var _ = inside.send(next.datagram(), next.peer());
        }
      } catch (PortUnreachableException e) {
        // as on any path, whoever waits for an answer gets none
      }
    }
  }

  private DatagramChannel towardsServer(InetSocketAddress peer) throws IOException {
    DatagramChannel channel = outside.get(peer);
    if (channel == null) {
      channel = open();
      channel.connect(server);
      outside.put(peer, channel);
    }
    return channel;
  }

  @Override
  public String toString() {
    return "up: " + up + "; down: " + down;
  }

  @Override
  public void close() {
    try {
      closing = true;
      selector.wakeup();
      thread.join();
      selector.close();
      inside.close();
      for (DatagramChannel channel : outside.values()) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
