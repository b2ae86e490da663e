package dev.sotto.signalling.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.signalling.Eventually;
import dev.sotto.signalling.StreamLimits;
import dev.sotto.signalling.TestClient;
import dev.sotto.signalling.TestKeys;
import dev.sotto.signalling.TestServer;
import dev.sotto.signalling.TestTcpClient;
import dev.sotto.signalling.TestWebSocketClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may not come in by HTTP: the next connection of an address, and anybody during a drain. */
@Timeout(60)
final class HttpGateTest {

  private static final int CONNECTIONS = 3;

  private static TestServer start() {
    StreamLimits usual = TestServer.LIMITS;
    return TestServer.start(
        new StreamLimits(
            usual.stanzaBytes(),
            usual.stanzaBytesBeforeAuth(),
            usual.authTimeout(),
            usual.idleTimeout(),
            usual.queuedBytes(),
            usual.stanzasPerSecond(),
            usual.devicesPerUser(),
            CONNECTIONS,
            usual.offlineMessagesPerUser(),
            usual.resumptionTime(),
            usual.unacknowledgedStanzas()));
  }

  private static Socket connect(String url) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(url).getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void ask(Socket socket, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(US_ASCII));
  }

  /** A whole answer, whose body ends with a brace. */
  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder read = new StringBuilder();
    int next = in.read();
    while (next >= 0 && next != '}') {
      read.append((char) next);
      next = in.read();
    }
    return read.toString();
  }

  /** A connection that was let in. Which loop counts first is open until it has answered. */
  private static Socket served(String url) throws IOException {
    URI uri = URI.create(url);
    Socket socket =
        uri.getScheme().equals("https")
            ? TestKeys.clientTls()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), uri.getPort())
            : connect(url);
    socket.setSoTimeout(20_000);
    ask(socket, "/api/v1/sign-in");
    assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
    return socket;
  }

  private static boolean isServed(String url) {
    try (Socket socket = connect(url)) {
      ask(socket, "/api/v1/sign-in");
      return answer(socket).startsWith("HTTP/1.1 200 ");
    } catch (SocketException reset) {
      return false;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void anAddressHasSoManyConnectionsAndTheNextIsClosed(String scheme) throws IOException {
    try (TestServer server = start()) {
      String url = scheme.equals("http") ? server.http() : server.https();
      List<Socket> held = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        held.add(served(url));
      }
      try (Socket next = connect(url)) {
        assertThat(next.getInputStream().read()).as("the end").isNegative();
      }
      held.removeFirst().close();
      Eventually.holds("its place is free", () -> isServed(server.http()));
      for (Socket socket : held) {
        socket.close();
      }
    }
  }

  @Test
  void aWebSocketThatHasSignedInTakesNoPlace() {
    List<TestClient> clients = new ArrayList<>();
    try (TestServer server = start()) {
      for (int i = 0; i < 2 * CONNECTIONS; i++) {
        clients.add(TestWebSocketClient.logIn(server.http(), "user" + i, "ws"));
      }
      assertThat(isServed(server.http())).isTrue();
    } finally {
      clients.forEach(TestClient::close);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/sign-in", "/xmpp"})
  void aDrainingServerRefusesNewRequestsOnOpenConnections(String path) throws IOException {
    try (TestServer server = start();
        Socket socket = served(server.http())) {
      server.stopAccepting();

      ask(socket, path);
      assertThat(answer(socket)).startsWith("HTTP/1.1 503 ").contains("connection: close");
    }
  }

  @Test
  void aDrainingServerTakesNoConnections() {
    try (TestServer server = start()) {
      assertThat(server.server().ready()).isTrue();

      server.stopAccepting();

      assertThat(server.server().ready()).isFalse();
      for (String url : List.of(server.http(), server.https())) {
        assertThatThrownBy(() -> connect(url)).isInstanceOf(ConnectException.class);
      }
      assertThatThrownBy(() -> TestTcpClient.connect(server.xmpp()))
          .hasRootCauseInstanceOf(ConnectException.class);
    }
  }

  @Test
  void aDrainingServerServesThoseWhoAreThere() {
    try (TestServer server = start();
        TestClient client = TestWebSocketClient.logIn(server.http(), "jane", "ws")) {
      server.stopAccepting();

      client.assertServed("still");
    }
  }
}
