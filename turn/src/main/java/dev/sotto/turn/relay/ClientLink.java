package dev.sotto.turn.relay;

import dev.sotto.turn.ClientTransport;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * The way to clients over one listening socket or one connection, and the allocations made through
 * it: together with the client's address it is the 5-tuple that names an allocation (RFC 8656
 * section 3). Belongs to one event loop.
 */
public abstract class ClientLink {
  private final Map<InetSocketAddress, Allocation> allocations = new HashMap<>();

  /** The client's transport protocol, as it stands in logs and metrics. */
  public abstract ClientTransport transport();

  /** Sends one STUN or ChannelData message; takes over the reference to {@code message}. */
  public abstract void send(ByteBuf message, InetSocketAddress client);

  /** Allocations by the client's address. */
  public Map<InetSocketAddress, Allocation> allocations() {
    return allocations;
  }
}
