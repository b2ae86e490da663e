package dev.sotto.turn.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** A real TCP or TLS connection: pads and cuts messages as RFC 8656 section 12.5 says. */
public final class StreamWire implements Wire, AutoCloseable {
  private static final int TIMEOUT_MILLIS = 3000;

  private final Socket socket;
  private final DataInputStream in;

  public StreamWire(Socket connected) {
    socket = connected;
    try {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      in = new DataInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void send(byte[] message) {
    sendRaw(Arrays.copyOf(message, (message.length + 3) & ~3));
  }

  public void sendRaw(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<byte[]> receive() {
    try {
      byte[] header = in.readNBytes(4);
      if (header.length < 4) {
        return Optional.empty();
      }
      int length = Short.toUnsignedInt(ByteBuffer.wrap(header).getShort(2));
      int rest = header[0] >= 0x40 ? (length + 3) & ~3 : 16 + length;
      byte[] message = Arrays.copyOf(header, 4 + rest);
      in.readFully(message, 4, rest);
      return Optional.of(message);
    } catch (SocketTimeoutException | EOFException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the server has closed the connection, waiting for that a while. */
  public boolean isClosedByServer() {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
