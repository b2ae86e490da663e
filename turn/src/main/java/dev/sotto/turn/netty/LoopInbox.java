package dev.sotto.turn.netty;

import dev.sotto.turn.relay.LocalRelay;
import dev.sotto.turn.relay.RelaySockets.Inbox;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.SingleThreadEventLoop;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/**
 * Datagrams that other event loops leave for relayed addresses of this one. Bounded: a loop that
 * cannot keep up loses datagrams as a full socket buffer would.
 */
final class LoopInbox implements Inbox, Flushable {
  static final int CAPACITY = 4096;

  /** So many are taken before the loop turns to its sockets again. */
  static final int BATCH = 256;

  private final SingleThreadEventLoop loop;
  private final Queue<Parcel> parcels = new MpscAtomicArrayQueue<>(CAPACITY);
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Runnable empty = this::empty;
  private final Runnable lookAgain = this::lookAgain;

  private record Parcel(LocalRelay to, ByteBuf payload, InetSocketAddress from) {}

  LoopInbox(SingleThreadEventLoop loop) {
    this.loop = loop;
  }

  @Override
  public boolean put(LocalRelay to, ByteBuf payload, InetSocketAddress from) {
    if (loop.inEventLoop()) {
      to.receive(payload, from);
      return true;
    }
    // A received datagram is a slice of a buffer for many, all of which it would keep while it
    // waits.
    ByteBuf own = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, payload.readableBytes()));
    own.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
    if (!parcels.offer(new Parcel(to, own, from))) {
      own.release();
      return false;
    }
    payload.release();
    // Waking a thread costs more than a datagram: once for all that the sender has read.
    Optional<Flusher> sender = Flusher.ofThisThread();
    if (sender.isPresent()) {
      sender.get().add(this);
    } else {
      flush();
    }
    return true;
  }

  /** Whether nothing waits and nothing is about to be looked at. */
  boolean isIdle() {
    return parcels.isEmpty() && !scheduled.get();
  }

  @Override
  public void flush() {
    if (scheduled.compareAndSet(false, true)) {
      loop.execute(empty);
    }
  }

  private void empty() {
    for (int i = 0; i < BATCH; i++) {
      Parcel parcel = parcels.poll();
      if (parcel == null) {
        break;
      }
      parcel.to().receive(parcel.payload(), parcel.from());
    }
    // A task that is executed now would run before the sockets have their turn.
    loop.executeAfterEventLoopIteration(lookAgain);
  }

  private void lookAgain() {
    scheduled.set(false); // first: who puts from now on is not overlooked
    if (!parcels.isEmpty()) {
      flush();
    }
  }
}
