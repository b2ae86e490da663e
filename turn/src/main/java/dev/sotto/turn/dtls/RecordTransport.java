package dev.sotto.turn.dtls;

import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.bouncycastle.tls.DatagramTransport;

/**
 * The datagrams under one DTLS session. While the handshake runs, its thread waits here for what
 * the event loop offers. After {@link #takeOver} the session is the event loop's, and reading never
 * waits: there is the one datagram that has just come, or nothing.
 */
final class RecordTransport implements DatagramTransport {
  private static final int MAXIMUM_BYTES = 1 << 14;

  /** Flights are at most a few datagrams long; what is beyond is lost and sent again. */
  private static final int WAITING_DATAGRAMS = 16;

  private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(WAITING_DATAGRAMS);
  private final Outlet outlet;
  private final IntSupplier shortestEncrypted;
  private boolean takenOver;
  private boolean closed;
  private byte[] current = {};
  private int currentBytes;
  private int receiveLimit = MAXIMUM_BYTES;

  /** Sends a datagram to the client. Called on the handshake's thread, later on the event loop. */
  @FunctionalInterface
  interface Outlet {
    void send(byte[] datagram, int offset, int length);
  }

  /**
   * Says that the datagram has been read to its end. Not an error: it is thrown without a trace.
   */
  static final class Drained extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /**
   * @param shortestEncrypted bytes that an encrypted record's body has at least; asked on the
   *     thread that reads
   */
  RecordTransport(Outlet outlet, IntSupplier shortestEncrypted) {
    this.outlet = outlet;
    this.shortestEncrypted = shortestEncrypted;
  }

  /** From the event loop, while the handshake runs: false when too many are waiting. */
  boolean offer(byte[] datagram) {
    return waiting.offer(datagram);
  }

  /** From the event loop, once the handshake's thread has left for good. */
  void takeOver() {
    takenOver = true;
  }

  /** What came during the handshake and was not part of it; empty array when there is no more. */
  byte[] nextWaiting() {
    byte[] datagram = waiting.poll();
    return datagram == null ? new byte[0] : datagram;
  }

  /** From the event loop: the datagram to read next. */
  void present(byte[] datagram, int length) {
    current = datagram;
    currentBytes = length;
    receiveLimit = length;
  }

  /** Whether either side has ended the session. */
  boolean isClosed() {
    return closed;
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis)
      throws InterruptedIOException {
    return takenOver
        ? takeCurrent(buffer, offset, length)
        : await(buffer, offset, length, waitMillis);
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    outlet.send(buffer, offset, length);
  }

  /**
   * Bouncy Castle makes a buffer of this size for every datagram that it reads, and for records
   * that are left of the one before: so this is the length of the last, read or not.
   */
  @Override
  public int getReceiveLimit() {
    return Math.max(receiveLimit, 1);
  }

  @Override
  public int getSendLimit() {
    return MAXIMUM_BYTES;
  }

  @Override
  public void close() {
    closed = true;
  }

  private int takeCurrent(byte[] buffer, int offset, int length) throws Drained {
    if (currentBytes == 0 || !isAdmitted(current, currentBytes)) {
      currentBytes = 0;
      throw new Drained();
    }
    int copied = Math.min(length, currentBytes);
    System.arraycopy(current, 0, buffer, offset, copied);
    currentBytes = 0;
    return copied;
  }

  private boolean isAdmitted(byte[] datagram, int length) {
    return RecordGuard.admits(datagram, length, shortestEncrypted.getAsInt());
  }

  private int await(byte[] buffer, int offset, int length, int waitMillis)
      throws InterruptedIOException {
    try {
      byte[] datagram = waiting.poll(Math.max(waitMillis, 1), TimeUnit.MILLISECONDS);
      if (datagram == null || !isAdmitted(datagram, datagram.length)) {
        return -1;
      }
      int copied = Math.min(length, datagram.length);
      System.arraycopy(datagram, 0, buffer, offset, copied);
      return copied;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the handshake was given up");
    }
  }
}
