package dev.sotto.media.dtls;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands datagrams from the event loop to the thread of a handshake, which waits for them. Bounded
 * in number and bytes: what is beyond is lost, and the endpoint sends it again. This is the one
 * hand-over between two threads in the core, so it has a lock; it is held for a queue's operation,
 * never while anything is computed, so the loop does not wait for more than that.
 */
final class DatagramMailbox {
  /** Ethernet's 1500 bytes and room for endpoints that put more into one datagram. */
  static final int MAXIMUM_DATAGRAM_BYTES = 4096;

  /** A flight of a handshake has at most about ten records, each in a datagram of its own. */
  static final int MAXIMUM_DATAGRAMS = 16;

  static final int MAXIMUM_BYTES = 16_384;

  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<byte[]> waiting = new ArrayDeque<>(MAXIMUM_DATAGRAMS);
  private int waitingBytes;
  private boolean closed;

  /** Whether a datagram of this length can be one or more records. */
  static boolean mayHold(int length) {
    return length >= RecordCursor.HEADER_BYTES && length <= MAXIMUM_DATAGRAM_BYTES;
  }

  /**
   * Takes a datagram, which is the mailbox's from then on.
   *
   * @return false when it is full or closed
   */
  boolean offer(byte[] datagram) {
    lock.lock();
    try {
      if (closed
          || waiting.size() == MAXIMUM_DATAGRAMS
          || waitingBytes + datagram.length > MAXIMUM_BYTES) {
        return false;
      }
      waitingBytes += datagram.length;
      waiting.add(datagram);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a datagram.
   *
   * @return empty when none came in time, or the mailbox is closed
   * @throws InterruptedException when the waiting thread is interrupted
   */
  Optional<byte[]> await(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (waiting.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return take();
    } finally {
      lock.unlock();
    }
  }

  /** A datagram if one is waiting. */
  Optional<byte[]> poll() {
    lock.lock();
    try {
      return take();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what waits, takes no more and wakes who waits. */
  void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      waitingBytes = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private Optional<byte[]> take() {
    Optional<byte[]> next = Optional.ofNullable(waiting.poll());
    next.ifPresent(datagram -> waitingBytes -= datagram.length);
    return next;
  }
}
