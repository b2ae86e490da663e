package dev.sotto.media.dtls;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.bouncycastle.tls.DTLSTransport;

/**
 * An association after its handshake: it hands out the SRTP keys, answers an endpoint that has not
 * got the last flight and sends its own again (RFC 6347 section 4.2.4), and notices its end.
 * Nothing else is sent over it; application data is dropped. Owned by the event loop, which calls
 * {@link #takeOver} first.
 */
public final class DtlsConnection {
  /** A formality: the transport has the datagram, or says at once that it has not. */
  private static final int WAIT_MILLIS = 1000;

  private final DTLSTransport dtls;
  private final RecordTransport records;
  private Optional<SrtpKeys> keys;
  private boolean closed;

  DtlsConnection(DTLSTransport dtls, RecordTransport records, SrtpKeys keys) {
    this.dtls = dtls;
    this.records = records;
    this.keys = Optional.of(keys);
  }

  /**
   * Takes the association from the handshake's thread and reads what came meanwhile. Until this is
   * called datagrams are offered to the handshake, from then on given to {@link #onDatagram}.
   *
   * @return whether the association is still open
   */
  public boolean takeOver() {
    records.takeOver();
    readToTheEnd(); // of the datagram in which the handshake's last record was
    Optional<byte[]> waiting = records.mailbox().poll();
    while (waiting.isPresent() && !closed) {
      read(waiting.get());
      waiting = records.mailbox().poll();
    }
    records.mailbox().close();
    return !closed;
  }

  /**
   * The keys, which are the caller's from then on, to be closed when both directions are set up.
   *
   * @throws IllegalStateException when they have been taken
   */
  public SrtpKeys takeKeys() {
    SrtpKeys taken = keys.orElseThrow(() -> new IllegalStateException("the keys were taken"));
    keys = Optional.empty();
    return taken;
  }

  /**
   * Reads a datagram. Whatever is not authentic changes nothing.
   *
   * @return whether the association is still open; it ends by close_notify or an alert
   */
  public boolean onDatagram(MemorySegment segment, long offset, int length) {
    if (!closed && DatagramMailbox.mayHold(length)) {
      byte[] datagram = segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
      if (InputGuard.admitsDatagram(datagram)) {
        read(datagram);
      }
    }
    return !closed;
  }

  public boolean isOpen() {
    return !closed;
  }

  /** Says goodbye to the endpoint if that has not ended it, and wipes keys that nobody took. */
  public void close() {
    keys.ifPresent(SrtpKeys::close);
    keys = Optional.empty();
    records.mailbox().close();
    if (!closed) {
      closed = true;
      try {
        dtls.close();
      } catch (IOException _) {
        // it is over either way
      }
    }
  }

  private void read(byte[] datagram) {
    records.present(datagram);
    readToTheEnd();
  }

  private void readToTheEnd() {
    byte[] scratch = new byte[records.getReceiveLimit()]; // no plaintext is longer than its record
    try {
      int length = 0;
      while (length >= 0) {
        length = dtls.receive(scratch, 0, scratch.length, WAIT_MILLIS);
      }
    } catch (RecordTransport.Drained _) {
      // read to its end
    } catch (IOException _) {
      closed = true; // by an alert, from either side
    }
    closed |= records.isClosed();
  }
}
