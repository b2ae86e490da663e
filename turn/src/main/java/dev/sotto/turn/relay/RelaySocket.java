package dev.sotto.turn.relay;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** A bound UDP socket that talks to peers. Touched only on the event loop of its allocation. */
public interface RelaySocket {
  /** Sends one datagram; takes over the reference to {@code payload}. */
  void send(ByteBuf payload, InetSocketAddress peer);

  /**
   * Sends one datagram that no router may fragment. To be called only where {@link
   * RelaySockets#canForbidFragmentation()}.
   */
  void sendUnfragmented(ByteBuf payload, InetSocketAddress peer);

  void close();
}
