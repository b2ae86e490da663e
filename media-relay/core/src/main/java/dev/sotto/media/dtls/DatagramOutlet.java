package dev.sotto.media.dtls;

/**
 * Where datagrams for the endpoint go. Called on the handshake's thread until the handshake has
 * ended, on the event loop afterwards; the bytes are the caller's again when it returns.
 */
@FunctionalInterface
public interface DatagramOutlet {
  void send(byte[] datagram, int offset, int length);
}
