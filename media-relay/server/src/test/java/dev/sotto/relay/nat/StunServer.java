package dev.sotto.relay.nat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A STUN server on loopback as one behind a NAT would find it: whoever asks is told the NAT's
 * address with the port of his own (RFC 8489 section 14.2).
 */
public final class StunServer implements AutoCloseable {
  private static final int MAGIC_COOKIE = 0x2112a442;
  private static final int HEADER_BYTES = 20;
  private static final short BINDING_SUCCESS = 0x0101;
  private static final short XOR_MAPPED_ADDRESS = 0x0020;

  private final DatagramSocket socket;
  private final InetAddress outside;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean answers;

  /**
   * @param outside the NAT's IPv4 address
   */
  public StunServer(InetAddress outside, boolean answers) throws IOException {
    this.outside = outside;
    this.answers = answers;
    socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::serve);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** Answers from now on. */
  public void wakeUp() {
    answers = true;
  }

  /** Requests that have come. */
  public int asked() {
    return asked.get();
  }

  private void serve() {
    DatagramPacket request = new DatagramPacket(new byte[512], 512);
    try {
      while (!socket.isClosed()) {
        socket.receive(request);
        asked.incrementAndGet();
        if (answers) {
          SocketAddress from = request.getSocketAddress();
          byte[] answer = answer(request.getData(), request.getPort());
          socket.send(new DatagramPacket(answer, answer.length, from));
        }
      }
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private byte[] answer(byte[] request, int port) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + 12);
    out.putShort(BINDING_SUCCESS).putShort((short) 12);
    out.put(Arrays.copyOfRange(request, 4, HEADER_BYTES));
    out.putShort(XOR_MAPPED_ADDRESS).putShort((short) 8).putShort((short) 1);
    out.putShort((short) (port ^ MAGIC_COOKIE >>> 16));
    out.putInt(ByteBuffer.wrap(outside.getAddress()).getInt() ^ MAGIC_COOKIE);
    return out.array();
  }

  @Override
  public void close() {
    socket.close();
  }
}
