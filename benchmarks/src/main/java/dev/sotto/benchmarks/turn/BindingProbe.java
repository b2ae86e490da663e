package dev.sotto.benchmarks.turn;

import dev.sotto.turn.stun.MessageType;
import dev.sotto.turn.stun.StunWriter;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;

/** Finds out when a STUN server answers (RFC 8489 section 12). */
final class BindingProbe {

  private static final int TRIES = 50;
  private static final int PATIENCE_MILLIS = 200;

  private BindingProbe() {}

  /** Returns once it answers; fails after ten seconds. */
  static void awaitAnswer(InetSocketAddress server) throws IOException {
    byte[] request =
        StunWriter.begin(Unpooled.buffer(), MessageType.BINDING_REQUEST, 1, 1).toByteArray();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      for (int i = 0; i < TRIES; i++) {
        socket.send(new DatagramPacket(request, request.length, server));
        try {
          socket.receive(new DatagramPacket(new byte[512], 512));
          return;
        } catch (SocketTimeoutException e) {
          // Not yet: the next request asks again.
        }
      }
    }
    throw new IllegalStateException("no STUN server answers on " + server);
  }
}
