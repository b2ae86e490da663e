package dev.sotto.turn.protocol;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Whether new clients are still taken, and where they are sent when they are not (RFC 8489 section
 * 10). Any thread may read and change it.
 */
public final class Drain {
  private volatile boolean begun;
  private volatile Optional<InetSocketAddress> alternateServer;

  public Drain(Optional<InetSocketAddress> alternateServer) {
    this.alternateServer = alternateServer;
  }

  /** From now on no new allocation is made. */
  public void begin() {
    begun = true;
  }

  public void sendTo(Optional<InetSocketAddress> server) {
    alternateServer = server;
  }

  boolean hasBegun() {
    return begun;
  }

  Optional<InetSocketAddress> alternateServer() {
    return alternateServer;
  }
}
