package dev.sotto.turn.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Optional;

/** A real socket on loopback, talking to one address. */
public final class UdpWire implements Wire, AutoCloseable {
  private static final int TIMEOUT_MILLIS = 3000;

  private final DatagramSocket socket;
  private final InetSocketAddress server;
  private final InetAddress source;

  public UdpWire(InetSocketAddress server) {
    this(server.getAddress(), server);
  }

  /** From one of loopback's many addresses. */
  public UdpWire(InetAddress source, InetSocketAddress server) {
    this.server = server;
    this.source = source;
    try {
      socket = new DatagramSocket(0, source);
      socket.setSoTimeout(TIMEOUT_MILLIS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void send(byte[] message) {
    sendTo(server, message);
  }

  public void sendTo(InetSocketAddress destination, byte[] message) {
    try {
      socket.send(new DatagramPacket(message, message.length, destination));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<byte[]> receive() {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    try {
      socket.receive(packet);
      return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
    } catch (SocketTimeoutException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InetSocketAddress localAddress() {
    return new InetSocketAddress(
        InetAddress.ofLiteral(source.getHostAddress()), socket.getLocalPort());
  }

  @Override
  public void close() {
    socket.close();
  }
}
