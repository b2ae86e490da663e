package dev.sotto.turn.testkit;

import java.net.InetSocketAddress;
import java.util.Optional;

/** A client's way to the server under test: a real socket or a pair of queues. */
public interface Wire {
  void send(byte[] message);

  /**
   * The next message from the server; empty when there is none (at once in memory, after a while
   * over a socket).
   */
  Optional<byte[]> receive();

  InetSocketAddress localAddress();
}
