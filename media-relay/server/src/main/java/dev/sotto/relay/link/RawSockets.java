package dev.sotto.relay.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/** Makes the sockets of one connection, and closes them below whatever is layered upon them. */
final class RawSockets extends SocketFactory {
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  @Override
  public Socket createSocket() {
    Socket socket = new Socket();
    sockets.add(socket);
    return socket;
  }

  void close() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException _) {
        // Closed is all that it has to be.
      }
    }
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw connected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw connected();
  }

  @Override
  public Socket createSocket(
      InetAddress address, int port, InetAddress localAddress, int localPort) {
    throw connected();
  }

  private static UnsupportedOperationException connected() {
    return new UnsupportedOperationException("sockets are connected with a timeout");
  }
}
