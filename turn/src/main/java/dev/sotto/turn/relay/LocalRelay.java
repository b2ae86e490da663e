package dev.sotto.turn.relay;

import dev.sotto.turn.relay.RelaySockets.Inbox;
import dev.sotto.turn.relay.RelaySockets.Receiver;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * A relayed transport address as the other clients of this server reach it: without a socket in
 * between (hairpinning, RFC 4787 section 6).
 */
public final class LocalRelay {
  private final Inbox inbox;
  private final Receiver receiver;
  private final Runnable late;
  private boolean closed;

  /**
   * @param inbox of the event loop that {@code receiver} belongs to
   * @param late told, on that loop, of each datagram that came after the end
   */
  public LocalRelay(Inbox inbox, Receiver receiver, Runnable late) {
    this.inbox = inbox;
    this.receiver = receiver;
    this.late = late;
  }

  /**
   * Hands over a datagram, from any event loop.
   *
   * @param from the sender's relayed transport address
   * @return whether the reference was taken over; otherwise too much is waiting already
   */
  public boolean send(ByteBuf payload, InetSocketAddress from) {
    return inbox.put(this, payload, from);
  }

  /** Takes a datagram and the reference to it; called on the receiver's event loop. */
  public void receive(ByteBuf payload, InetSocketAddress from) {
    if (closed) {
      payload.release(); // the allocation ended while this was on its way
      late.run();
    } else {
      receiver.onPeerDatagram(payload, from);
    }
  }

  void close() {
    closed = true;
  }
}
