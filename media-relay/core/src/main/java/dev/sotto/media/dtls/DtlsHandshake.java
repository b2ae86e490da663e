package dev.sotto.media.dtls;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;

/**
 * One DTLS-SRTP handshake. {@link #run} blocks and is for a virtual thread of the shell's; the
 * event loop meanwhile puts datagrams into its bounded mailbox. In the passive role it need not be
 * run before the first datagram has come. Only datagrams from addresses that an ICE check has
 * validated may be offered: there is no cookie exchange, which could not take a ClientHello in two
 * fragments.
 */
public final class DtlsHandshake implements Runnable {
  private final Negotiation negotiation;
  private final RecordTransport transport;
  private final DtlsListener listener;

  DtlsHandshake(Negotiation negotiation, RecordTransport transport, DtlsListener listener) {
    this.negotiation = negotiation;
    this.transport = transport;
    this.listener = listener;
  }

  /**
   * On the event loop: copies a datagram for the handshake to read.
   *
   * @return false when it is dropped: no record, too long, naming a message of absurd length, or
   *     the mailbox is full or closed
   */
  public boolean offer(MemorySegment segment, long offset, int length) {
    if (!DatagramMailbox.mayHold(length)) {
      return false;
    }
    byte[] datagram = segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    return InputGuard.admitsDatagram(datagram) && transport.mailbox().offer(datagram);
  }

  /** From any thread: gives the handshake up, which fails then if it has not ended. */
  public void cancel() {
    transport.mailbox().close();
  }

  /** Shakes hands, tells the listener how it ended, and returns. To be run once. */
  @Override
  public void run() {
    DTLSTransport established;
    try {
      established = shakeHands();
    } catch (IOException | RuntimeException e) {
      boolean cancelled = transport.mailbox().isClosed();
      transport.mailbox().close();
      listener.onFailed(failureOf(e, cancelled));
      return;
    }
    listener.onEstablished(new DtlsConnection(established, transport, negotiation.keys()));
  }

  private DTLSTransport shakeHands() throws IOException {
    return switch (negotiation.role()) {
      case ACTIVE -> new DTLSClientProtocol().connect(new SrtpClient(negotiation), transport);
      case PASSIVE -> new DTLSServerProtocol().accept(new SrtpServer(negotiation), transport);
    };
  }

  private DtlsFailure failureOf(Exception e, boolean cancelled) {
    if (negotiation.failure().isPresent()) {
      return negotiation.failure().get();
    }
    if (cancelled) {
      return new DtlsFailure(DtlsFailure.Reason.CANCELLED, "given up");
    }
    return switch (e) {
      case TlsTimeoutException _ ->
          new DtlsFailure(DtlsFailure.Reason.TIMED_OUT, "no end within the deadline");
      case TlsFatalAlertReceived received ->
          new DtlsFailure(
              DtlsFailure.Reason.REFUSED_BY_PEER,
              AlertDescription.getName(received.getAlertDescription()));
      // What Bouncy Castle makes of a close_notify in the middle of a handshake.
      case TlsFatalAlert alert when alert.getAlertDescription() == AlertDescription.user_canceled ->
          new DtlsFailure(DtlsFailure.Reason.REFUSED_BY_PEER, "closed");
      default -> new DtlsFailure(DtlsFailure.Reason.PROTOCOL_ERROR, String.valueOf(e.getMessage()));
    };
  }
}
