package dev.sotto.turn.relay;

import dev.sotto.turn.ClientTransport;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Opens relayed sockets on the event loop that asks. */
public interface RelaySockets {

  /** Takes what peers send to a relayed socket. */
  @FunctionalInterface
  interface Receiver {
    /** Called for each datagram, with the reference to {@code payload} handed over. */
    void onPeerDatagram(ByteBuf payload, InetSocketAddress peer);

    /** Called for each error that the network reports of what the socket has sent. */
    default void onIcmpError(IcmpError error) {}
  }

  /**
   * Binds a socket.
   *
   * @param client the transport under which the socket's drops are counted
   * @throws IOException when the port is taken or the host is out of sockets
   */
  RelaySocket open(InetSocketAddress address, ClientTransport client, Receiver receiver)
      throws IOException;

  /** Takes datagrams for the sockets of one event loop that come from another one. */
  @FunctionalInterface
  interface Inbox {
    /**
     * Lets {@code to} receive the datagram on its own loop; from any event loop.
     *
     * @return whether the reference was taken over; otherwise too much is waiting already
     */
    boolean put(LocalRelay to, ByteBuf payload, InetSocketAddress from);
  }

  /** The inbox of the loop that asks. */
  Inbox inbox();

  /** Whether datagrams can be sent with the Don't Fragment bit set (RFC 8656 section 7.2). */
  boolean canForbidFragmentation();

  /** A port that no other program can take while it is held. */
  @FunctionalInterface
  interface Hold {
    /** Gives the port back to the host; idempotent. From any thread. */
    void release();
  }

  /**
   * Binds a port without reading from it, for one who will come later.
   *
   * @throws IOException when the port is taken or the host is out of sockets
   */
  Hold hold(InetSocketAddress address) throws IOException;
}
