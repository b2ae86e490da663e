package dev.sotto.media.pacing;

import java.util.Arrays;

/**
 * Handles in order of arrival, each with size and time, in a ring of primitives that doubles up to
 * a bound and then refuses: most receivers never queue more than a frame.
 */
final class PacketQueue {
  private static final int FIRST_CAPACITY = 16;

  private final int mostPackets;
  private long[] handles = new long[FIRST_CAPACITY];
  private long[] queuedNanos = new long[FIRST_CAPACITY];
  private int[] sizes = new int[FIRST_CAPACITY];
  private int head;
  private int packets;
  private long bytes;

  PacketQueue(int mostPackets) {
    this.mostPackets = mostPackets;
  }

  boolean add(long handle, int sizeBytes, long nowNanos) {
    if (packets == handles.length) {
      if (packets >= mostPackets) {
        return false;
      }
      grow();
    }
    int tail = (head + packets) % handles.length;
    handles[tail] = handle;
    sizes[tail] = sizeBytes;
    queuedNanos[tail] = nowNanos;
    packets++;
    bytes += sizeBytes;
    return true;
  }

  private void grow() {
    int old = handles.length;
    int wanted = Math.min(2 * old, mostPackets);
    handles = Arrays.copyOf(handles, wanted);
    sizes = Arrays.copyOf(sizes, wanted);
    queuedNanos = Arrays.copyOf(queuedNanos, wanted);
    // What had wrapped to the front goes behind the rest: the ring was full, so it ends at the
    // head.
    int moved = wanted - old;
    System.arraycopy(handles, head, handles, head + moved, old - head);
    System.arraycopy(sizes, head, sizes, head + moved, old - head);
    System.arraycopy(queuedNanos, head, queuedNanos, head + moved, old - head);
    head = (head + moved) % wanted;
  }

  /** Takes the first handle; its size is {@link #headSizeBytes} before. */
  long remove() {
    long handle = handles[head];
    bytes -= sizes[head];
    head = (head + 1) % handles.length;
    packets--;
    return handle;
  }

  boolean isEmpty() {
    return packets == 0;
  }

  int headSizeBytes() {
    return sizes[head];
  }

  long headQueuedNanos() {
    return queuedNanos[head];
  }

  int packets() {
    return packets;
  }

  long bytes() {
    return bytes;
  }
}
