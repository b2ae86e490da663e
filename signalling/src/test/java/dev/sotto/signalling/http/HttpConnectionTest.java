package dev.sotto.signalling.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.Eventually;
import dev.sotto.signalling.StreamLimits;
import dev.sotto.signalling.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP connections as a browser would never use them. */
@Timeout(30)
final class HttpConnectionTest {

  private static final String UPGRADE =
      """
      GET /xmpp HTTP/1.1
      Host: localhost
      Connection: Upgrade
      Upgrade: websocket
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Protocol: xmpp

      """
          .replace("\n", "\r\n");

  private static TestServer server;

  @BeforeAll
  static void start() {
    StreamLimits usual = TestServer.LIMITS;
    server =
        TestServer.start(
            new StreamLimits(
                usual.stanzaBytes(),
                usual.stanzaBytesBeforeAuth(),
                Duration.ofSeconds(2),
                usual.idleTimeout(),
                usual.queuedBytes(),
                usual.stanzasPerSecond(),
                usual.devicesPerUser(),
                usual.connectionsPerAddress(),
                usual.offlineMessagesPerUser(),
                usual.resumptionTime(),
                usual.unacknowledgedStanzas()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Socket connect() throws IOException {
    Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(server.http()).getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  /** The head of a request whose body has this many bytes. */
  private static String signInRequestOf(int bodyBytes) {
    return """
    POST /api/v1/sign-in/development HTTP/1.1
    Host: localhost
    Content-Type: application/json
    Content-Length: %d

    """
        .formatted(bodyBytes)
        .replace("\n", "\r\n");
  }

  /** Reads up to and with {@code end}, and nothing behind it. */
  private static void readUntil(String end, Socket socket) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("what comes after %s", read).isNotNegative();
      read.append((char) next);
    }
  }

  /** Everything until the server closes; longer than the socket's patience is a failure. */
  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET / HTT",
        "GET / HTTP/1.1\r\nHost: localhost\r\n",
        "POST /api/v1/sign-in/development HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n{"
      })
  void aRequestThatNeverEndsIsCutOff(String start) throws IOException {
    try (Socket socket = connect()) {
      send(socket, start);
      assertThat(rest(socket)).doesNotContain("200 OK");
    }
  }

  @Test
  void aBodyOfMegabytesIsRefusedBeforeItIsSent() throws IOException {
    try (Socket socket = connect()) {
      send(socket, signInRequestOf(2_000_000));
      assertThat(rest(socket)).contains("413");
    }
  }

  @Test
  void aKeptConnectionServesSeveralRequestsAndIsClosedWhenItRests() throws IOException {
    try (Socket socket = connect()) {
      String request = "GET /api/v1/sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n";
      send(socket, request + request);
      assertThat(rest(socket).split("HTTP/1.1 200 OK", -1)).hasSize(3);
    }
  }

  @Test
  void anUpgradeIsTakenAfterAnAnsweredRequest() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET /api/v1/sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n");
      readUntil("webSocketPath", socket);
      readUntil("}", socket);
      send(socket, UPGRADE);
      assertThat(rest(socket)).contains("101 Switching Protocols", "connection-timeout");
    }
  }

  @Test
  void aFrameThatWouldBeTooBigEndsTheWebSocketBeforeItIsSent() throws IOException {
    try (Socket socket = connect()) {
      send(socket, UPGRADE);
      readUntil("\r\n\r\n", socket);
      // RFC 6455 section 5.2: a final text frame, masked, of 1 MB, of which nothing follows.
      socket
          .getOutputStream()
          .write(new byte[] {(byte) 0x81, (byte) 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 1, 2, 3, 4});
      assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
          .as("one close frame with the code 1009")
          .matches("(?s)\u0088.\u0003\u00f1[^\u0088]*");
    }
  }

  @Test
  void twoUpgradesAtOnceEndTheConnectionAndCountNothing() throws IOException {
    try (Socket socket = connect()) {
      send(socket, UPGRADE + UPGRADE);
      rest(socket);
    }
    try (Socket next = connect()) {
      send(next, UPGRADE);
      assertThat(rest(next)).contains("101 Switching Protocols");
    }
    Eventually.holds("no connection is counted", () -> server.unauthenticated() == 0);
  }
}
