package dev.sotto.turn.testkit;

import java.io.IOException;
import java.io.InputStream;
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
  private static final int HEADER_BYTES = 4;
  private static final int MAXIMUM_BYTES = HEADER_BYTES + 16 + 0x10000;

  private final Socket socket;
  private final InputStream in;
  private final byte[] partial = new byte[MAXIMUM_BYTES];
  private int partialBytes;

  public StreamWire(Socket connected) {
    socket = connected;
    try {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      in = socket.getInputStream();
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

  /** Part of a message that time ran out on is kept: the next call goes on with it. */
  @Override
  public Optional<byte[]> receive() {
    try {
      if (!fill(HEADER_BYTES)) {
        return Optional.empty();
      }
      int length = Short.toUnsignedInt(ByteBuffer.wrap(partial).getShort(2));
      int whole = HEADER_BYTES + (partial[0] >= 0x40 ? (length + 3) & ~3 : 16 + length);
      if (!fill(whole)) {
        return Optional.empty();
      }
      partialBytes = 0;
      return Optional.of(Arrays.copyOf(partial, whole));
    } catch (SocketTimeoutException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean fill(int upTo) throws IOException {
    while (partialBytes < upTo) {
      int count = in.read(partial, partialBytes, upTo - partialBytes);
      if (count < 0) {
        return false;
      }
      partialBytes += count;
    }
    return true;
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
