package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UdpShimTest {
  private static final int PATIENCE_MILLIS = 10_000;

  private DatagramSocket server;
  private DatagramSocket peer;
  private UdpShim shim;

  @BeforeEach
  void start() throws IOException {
    server = socket();
    peer = socket();
    shim = UdpShim.before((InetSocketAddress) server.getLocalSocketAddress(), 1);
  }

  @AfterEach
  void stop() {
    shim.close();
    peer.close();
    server.close();
  }

  private static DatagramSocket socket() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static void send(DatagramSocket from, String text, SocketAddress to) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    from.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static DatagramPacket receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    socket.receive(packet);
    return packet;
  }

  private static String text(DatagramPacket packet) {
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
  }

  @Test
  void datagrams_go_there_and_back_each_peer_by_a_socket_of_its_own() throws IOException {
    try (DatagramSocket other = socket()) {
      send(peer, "from one", shim.address());
      DatagramPacket ofOne = receive(server);
      send(other, "from another", shim.address());
      DatagramPacket ofAnother = receive(server);
      assertThat(text(ofOne)).isEqualTo("from one");
      assertThat(text(ofAnother)).isEqualTo("from another");
      assertThat(ofOne.getSocketAddress()).isNotEqualTo(ofAnother.getSocketAddress());

      send(server, "to another", ofAnother.getSocketAddress());
      send(server, "to one", ofOne.getSocketAddress());
      DatagramPacket answer = receive(peer);
      assertThat(text(answer)).isEqualTo("to one");
      assertThat(answer.getSocketAddress()).isEqualTo(shim.address());
      assertThat(text(receive(other))).isEqualTo("to another");
    }
    assertThat(shim.up().passed()).isEqualTo(2);
    assertThat(shim.down().passed()).isEqualTo(2);
  }

  @Test
  void a_direction_changes_at_run_time_and_the_other_does_not() throws IOException {
    shim.up().set(LinkConditions.CLEAR.withLoss(1));
    send(peer, "lost", shim.address());
    while (shim.up().lost() == 0) {
      Thread.onSpinWait();
    }
    shim.up().set(LinkConditions.CLEAR.withDelay(Duration.ofMillis(30), Duration.ZERO));
    long before = System.nanoTime();
    send(peer, "late", shim.address());
    DatagramPacket late = receive(server);
    assertThat(text(late)).isEqualTo("late");
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(30_000_000);

    send(server, "answer", late.getSocketAddress());
    assertThat(text(receive(peer))).isEqualTo("answer");
    assertThat(shim.down().lost()).isZero();
  }
}
