package dev.sotto.media.dtls;

import java.io.InterruptedIOException;
import java.util.Optional;
import org.bouncycastle.tls.DatagramTransport;

/**
 * The datagrams under one association as Bouncy Castle asks for them. During the handshake its
 * thread waits at the mailbox. After {@link #takeOver} the association is the event loop's and
 * reading never waits: there is the one datagram that has just come, or nothing.
 */
final class RecordTransport implements DatagramTransport {
  private static final long NANOS_PER_MILLISECOND = 1_000_000;

  /** A datagram and what the gate adds to it. */
  private static final int RECEIVE_LIMIT_BYTES =
      DatagramMailbox.MAXIMUM_DATAGRAM_BYTES + FlightGate.MAXIMUM_HELD_BYTES;

  private final DatagramMailbox mailbox = new DatagramMailbox();
  private final DatagramOutlet outlet;
  private final int sendLimit;
  private final FlightGate gate;
  private boolean takenOver;
  private boolean closed;
  private byte[] current = {};
  private int receiveLimit = RECEIVE_LIMIT_BYTES;

  /** Says that a datagram has been read to its end: no error, so it has no stack trace. */
  static final class Drained extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /**
   * @param gate decides what the handshake may read of a datagram, and when
   */
  RecordTransport(DatagramOutlet outlet, int sendLimit, FlightGate gate) {
    this.outlet = outlet;
    this.sendLimit = sendLimit;
    this.gate = gate;
  }

  DatagramMailbox mailbox() {
    return mailbox;
  }

  /** On the event loop, once the handshake's thread has left for good. */
  void takeOver() {
    takenOver = true;
  }

  /** On the event loop: the datagram to read next. */
  void present(byte[] datagram) {
    current = datagram;
    receiveLimit = datagram.length;
  }

  /** Whether either side has ended the association. */
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
   * that are left of the one before: so this is the length of the last, not of what is there now.
   */
  @Override
  public int getReceiveLimit() {
    return receiveLimit;
  }

  @Override
  public int getSendLimit() {
    return sendLimit;
  }

  @Override
  public void close() {
    closed = true;
  }

  private int takeCurrent(byte[] buffer, int offset, int length) throws Drained {
    if (current.length == 0) {
      throw new Drained();
    }
    int copied = copy(current, buffer, offset, length);
    current = new byte[0];
    return copied;
  }

  private int await(byte[] buffer, int offset, int length, int waitMillis)
      throws InterruptedIOException {
    Optional<byte[]> datagram;
    try {
      datagram = mailbox.await(waitMillis * NANOS_PER_MILLISECOND);
    } catch (InterruptedException _) {
      mailbox.close(); // who interrupts gives the handshake up, and its thread ends with it
      throw new InterruptedIOException("interrupted");
    }
    if (mailbox.isClosed()) {
      throw new InterruptedIOException("cancelled");
    }
    return datagram.map(gate::admit).map(bytes -> copy(bytes, buffer, offset, length)).orElse(-1);
  }

  private static int copy(byte[] from, byte[] to, int offset, int length) {
    int copied = Math.min(length, from.length);
    System.arraycopy(from, 0, to, offset, copied);
    return copied;
  }
}
