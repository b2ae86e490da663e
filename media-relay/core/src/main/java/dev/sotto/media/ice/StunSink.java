package dev.sotto.media.ice;

import java.net.InetSocketAddress;

/** Where responses to checks go. Called on the event loop, before any event of the same check. */
@FunctionalInterface
public interface StunSink {
  /** Sends a whole message, which is the callee's to keep. */
  void send(byte[] message, long remoteKey, InetSocketAddress remote);
}
