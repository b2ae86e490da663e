package dev.sotto.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Certificates and token keys change under a running server, and nobody who is there notices. */
final class ReloadTest {

  private static final int TIMEOUT_MILLIS = 20_000;

  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void newConnectionsSeeTheNewCertificateAtEveryDoor() throws Exception {
    InetSocketAddress https = TestServer.loopback(URI.create(server.https()).getPort());
    assertThat(shows(https, TestKeys.TLS)).isTrue();
    assertThat(shows(server.directTls(), TestKeys.TLS)).isTrue();
    try (TestClient before = TestTcpClient.logInStartTls(server, "alice", "before")) {
      TlsIdentity renewed = TestKeys.tlsIdentity();

      server.server().reload(renewed, List.of(TestKeys.TOKEN_KEY.toPublicJWK()), List.of());

      assertThat(shows(https, renewed)).isTrue();
      assertThat(shows(https, TestKeys.TLS)).isFalse();
      assertThat(shows(server.directTls(), renewed)).isTrue();
      assertThat(shows(server.directTls(), TestKeys.TLS)).isFalse();
      assertThat(showsOnceAsked(server.xmpp(), renewed)).isTrue();
      assertThat(showsOnceAsked(server.xmpp(), TestKeys.TLS)).isFalse();
      before.assertServed("p1");
    }
  }

  @Test
  void whoWasSignedInStaysWhenTheirKeyGoesAndOnlyTheNewKeySignsIn() {
    ECKey rotated = TestKeys.tokenKey("app-2");
    Instant expires = Instant.now().plus(Duration.ofHours(1));
    try (TestClient before = TestTcpClient.logIn(server, "alice", "before")) {
      server.server().reload(TestKeys.TLS, List.of(rotated.toPublicJWK()), List.of());

      try (TestTcpClient after = TestTcpClient.connect(server.xmpp())) {
        after.openStream();
        assertThat(after.authenticate("alice", TestKeys.token("alice")).name())
            .isEqualTo("failure");
        assertThat(after.authenticate("alice", TestKeys.token(rotated, "alice", expires)).name())
            .isEqualTo("success");
      }
      before.assertServed("p1");
    }
  }

  private static boolean shows(InetSocketAddress listener, TlsIdentity identity)
      throws IOException {
    try (Socket socket = new Socket(listener.getAddress(), listener.getPort())) {
      return handshakes(socket, identity);
    }
  }

  /** With STARTTLS (RFC 6120 section 5). */
  private static boolean showsOnceAsked(InetSocketAddress listener, TlsIdentity identity)
      throws IOException {
    try (Socket socket = new Socket(listener.getAddress(), listener.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
      socket
          .getOutputStream()
          .write((TestTcpClient.HEADER + starttls).getBytes(StandardCharsets.US_ASCII));
      StringBuilder said = new StringBuilder();
      while (said.indexOf("<proceed") < 0 || !said.toString().endsWith("/>")) {
        said.append((char) socket.getInputStream().read());
      }
      return handshakes(socket, identity);
    }
  }

  /** Whether a client that trusts this certificate and no other gets through. */
  private static boolean handshakes(Socket socket, TlsIdentity identity) throws IOException {
    socket.setSoTimeout(TIMEOUT_MILLIS);
    try (SSLSocket encrypted =
        (SSLSocket)
            TestKeys.clientTls(identity)
                .getSocketFactory()
                .createSocket(socket, "localhost", socket.getPort(), true)) {
      encrypted.startHandshake();
      return true;
    } catch (SSLHandshakeException e) {
      return false;
    }
  }
}
