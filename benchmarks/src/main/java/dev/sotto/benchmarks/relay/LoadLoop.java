package dev.sotto.benchmarks.relay;

import java.lang.management.ManagementFactory;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The one thread of the load client: it owns the sockets, the peers and the timers. Tasks of other
 * threads wait for at most a millisecond.
 */
final class LoadLoop implements AutoCloseable {

  private static final long LONGEST_WAIT_NANOS = 1_000_000;

  private final UdpSockets sockets = new UdpSockets();
  private final Map<Integer, Peer> peers = new HashMap<>();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  private record Timer(long dueNanos, Runnable task) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      return Long.signum(dueNanos - other.dueNanos);
    }
  }

  LoadLoop() {
    thread = Thread.ofPlatform().name("load").daemon().start(this::run);
  }

  private void run() {
    while (!closed) {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
      sockets.receive(
          untilNextTimer(),
          (socket, memory, offset, length, arrivedNanos) -> {
            Peer peer = peers.get(socket);
            if (peer != null) {
              peer.receive(memory, offset, length, arrivedNanos);
            }
          });
    }
    sockets.close();
  }

  /** Runs what is due; how long there is nothing to do then. */
  private long untilNextTimer() {
    while (!timers.isEmpty()) {
      long wait = timers.peek().dueNanos - System.nanoTime();
      if (wait > 0) {
        return Math.min(wait, LONGEST_WAIT_NANOS);
      }
      timers.poll().task.run();
    }
    return LONGEST_WAIT_NANOS;
  }

  /** From any thread: runs the task on the loop. */
  void execute(Runnable task) {
    tasks.add(task);
  }

  /** On the loop: runs the task then, by {@link System#nanoTime}. */
  void at(long dueNanos, Runnable task) {
    timers.add(new Timer(dueNanos, task));
  }

  /** On the loop: a socket whose packets the peer gets. */
  int open(Peer peer, Inet4Address local, InetSocketAddress remote) {
    int socket = sockets.open(local, remote);
    peers.put(socket, peer);
    return socket;
  }

  void close(int socket) {
    peers.remove(socket);
    sockets.close(socket);
  }

  UdpSockets sockets() {
    return sockets;
  }

  /** Processor seconds that the loop has used. */
  double cpuSeconds() {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()) / 1e9;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
