package dev.sotto.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.util.Base64URL;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Hostile clients on real sockets. Each gets the RFC's error or a closed stream; a bystander who is
 * logged in all the while is served after each, and the server holds no more than before.
 */
final class BadInputTest {

  private static final StreamLimits STRICT =
      new StreamLimits(
          65_536,
          8_192,
          Duration.ofSeconds(4), // within which a client signs in, however busy the machine is
          Duration.ofMinutes(10), // so that no idle timeout does the work of another limit
          100_000,
          2000,
          4,
          20,
          10,
          Duration.ofMinutes(5),
          5000);

  /** Messages of 30 kB each: 24 MB. */
  private static final int MORE_THAN_SOCKETS_HOLD = 800;

  private static final ListAppender<ILoggingEvent> LEAKS = new ListAppender<>();
  private static TestServer server;
  private static TestClient bystander;
  private static long sessions;
  private static int pings;

  @BeforeAll
  static void start() {
    LEAKS.start();
    ((Logger) LoggerFactory.getLogger("io.netty.util.ResourceLeakDetector")).addAppender(LEAKS);
    server = TestServer.start(STRICT);
    bystander = TestTcpClient.logIn(server, "bystander", "desk");
  }

  @AfterAll
  static void stop() {
    bystander.close();
    server.close();
    // What was leaked is found when it was collected and the next buffer is taken.
    for (int i = 0; i < 3; i++) {
      System.gc();
      ByteBuf probe = PooledByteBufAllocator.DEFAULT.directBuffer(16);
      probe.release();
    }
    assertThat(LEAKS.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
  }

  @BeforeEach
  void remember() {
    sessions = server.server().counters().sessions();
  }

  @AfterEach
  void nobodyElseNoticed() {
    bystander.assertServed("bystander-" + pings++);
    Eventually.holds(
        "connections that have not authenticated are gone", () -> server.unauthenticated() == 0);
    Eventually.holds(
        "sessions are as many as before", () -> server.server().counters().sessions() == sessions);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not-well-formed         | <a></b>",
        "not-well-formed         | <a b='1' b='2'/>",
        "not-well-formed         | <<a/>",
        "bad-format              | hello",
        "restricted-xml          | <!DOCTYPE a>",
        "restricted-xml          | <!DOCTYPE lolz [<!ENTITY lol 'lol'>]><lolz>&lol;</lolz>",
        "restricted-xml          | <a>&lol1;</a>",
        "restricted-xml          | <a><!-- hello --></a>",
        "restricted-xml          | <?evil?>",
        "bad-namespace-prefix    | <evil:a/>",
        "not-authorized          | <message to='bystander@sotto.example'/>",
        "unsupported-stanza-type | <hello/>",
        "unsupported-stanza-type | <auth xmlns='urn:evil'/>",
      })
  void anonymousBadInputGetsItsStreamError(String error, String input) {
    try (TestTcpClient client = TestTcpClient.connect(server.xmpp())) {
      client.openStream();
      client.send(input);
      assertThat(client.awaitEnd()).contains(error);
    }
    try (TestTcpClient client = TestTcpClient.connectTls(server.directTls())) {
      client.openStream();
      client.send(input);
      assertThat(client.awaitEnd()).contains(error);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not-well-formed         | <message></iq>",
        "restricted-xml          | <message><body>&lol;</body></message>",
        "invalid-namespace       | <message xmlns='jabber:server'/>",
        "invalid-namespace       | <message xmlns='urn:evil'/>",
        "unsupported-stanza-type | <note xmlns='jabber:client'/>",
        "invalid-from            | <message xmlns='jabber:client' from='bystander@sotto.example'/>",
        "invalid-from            | <presence xmlns='jabber:client' from='sotto.example'/>",
      })
  void aUsersBadInputGetsItsStreamErrorOverTcpAndWebSocket(String error, String input) {
    try (TestClient client = TestTcpClient.logIn(server, "mallory", "tcp")) {
      client.send(input);
      assertThat(client.awaitEnd()).contains(error);
    }
    try (TestClient client = TestWebSocketClient.logIn(server.http(), "mallory", "ws")) {
      client.send(input);
      assertThat(client.awaitEnd()).contains(error);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host-unknown        | <stream:stream to='evil.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
        "invalid-namespace   | <stream:stream to='sotto.example' version='1.0' xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>",
        "invalid-namespace   | <stream:stream to='sotto.example' version='1.0' xmlns='jabber:client' xmlns:stream='urn:evil'>",
        "unsupported-version | <stream:stream to='sotto.example' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
        "unsupported-encoding| <?xml version='1.0' encoding='UTF-16'?>",
        "restricted-xml      | <!DOCTYPE a>",
        "bad-format          | GET / HTTP/1.1",
      })
  void aBadStreamHeaderIsAnsweredByAHeaderAndItsError(String error, String header) {
    try (TestTcpClient client = TestTcpClient.connect(server.xmpp())) {
      client.send(header);
      assertThat(client.next().is(Namespaces.STREAMS, "stream")).isTrue();
      assertThat(client.awaitEnd()).contains(error);
    }
  }

  @Test
  void theAnswerToAStreamHeaderBearsTheVersionThatIsSpoken() {
    try (TestTcpClient client = TestTcpClient.connect(server.xmpp())) {
      client.send(TestTcpClient.HEADER.replace("version='1.0' xmlns", "version='2.0' xmlns"));
      assertThat(client.next().attribute("version")).contains("1.0");
      assertThat(client.next().is(Namespaces.STREAMS, "features")).isTrue();
    }
    try (TestTcpClient client = TestTcpClient.connect(server.xmpp())) {
      client.send(TestTcpClient.HEADER.replace("version='1.0' xmlns", "xmlns"));
      assertThat(client.next().attribute("version")).isEmpty();
      assertThat(client.awaitEnd()).contains("unsupported-version");
    }
  }

  @Test
  void anOversizedElementBeforeSignInEndsTheStream() {
    try (TestTcpClient client = TestTcpClient.connect(server.xmpp())) {
      client.openStream();
      client.send("<auth xmlns='" + Namespaces.SASL + "'>" + "a".repeat(9_000));
      assertThat(client.awaitEnd()).contains("policy-violation");
    }
  }

  @Test
  void anOversizedStanzaEndsTheStream() {
    String huge = "<message xmlns='jabber:client'><body>" + "a".repeat(70_000);
    try (TestTcpClient client = TestTcpClient.logIn(server, "mallory", "tcp")) {
      client.send(huge);
      assertThat(client.awaitEnd()).contains("policy-violation");
    }
    try (TestClient client = TestWebSocketClient.logIn(server.http(), "mallory", "ws")) {
      client.send(huge + "</body></message>");
      client.awaitEnd();
    }
  }

  /** Every packet ends inside a stanza, so that some input is always waiting for its end. */
  @Test
  void inputThatNeverPausesBetweenStanzasIsNotKept() {
    try (TestTcpClient client = TestTcpClient.logIn(server, "busy", "tcp")) {
      String answer = "<iq type='result' id='" + "x".repeat(40_000) + "'/>";
      String turned = answer.substring(20_000) + answer.substring(0, 20_000);
      client.send(answer.substring(0, 20_000));
      long direct = usedDirect();
      long routed = server.server().counters().stanzasRouted();
      for (int i = 1; i <= 30; i++) {
        long soFar = routed + i;
        client.send(turned);
        Eventually.holds(
            "one more is read", () -> server.server().counters().stanzasRouted() == soFar);
      }
      client.send(answer.substring(20_000) + "<iq type='get' id='last'><ping xmlns='urn:");
      Eventually.holds("1.2 MB are not kept", () -> usedDirect() - direct < 700_000);
      client.send("xmpp:ping'/></iq>");
      assertThat(client.next().attribute("id")).contains("last");
    }
  }

  @Test
  void aFloodBeforeSignInEndsTheStream() {
    try (TestTcpClient client = TestTcpClient.connect(server.xmpp())) {
      client.openStream();
      client.send(("<auth xmlns='" + Namespaces.SASL + "' mechanism='SCRAM-SHA-1'/>").repeat(50));
      assertThat(client.awaitEnd()).contains("policy-violation");
    }
  }

  @Test
  void aStanzaToNobodyIsAnsweredAndTheStreamLives() {
    try (TestClient client = TestTcpClient.logIn(server, "alice", "tcp")) {
      assertError(client, "nobody@sotto.example", "service-unavailable");
      assertError(client, "bystander@sotto.example/nowhere", "service-unavailable");
      assertError(client, "someone@elsewhere.example", "remote-server-not-found");
      assertError(client, "@@", "jid-malformed");
    }
  }

  private static void assertError(TestClient client, String to, String condition) {
    client.send("<iq type='get' id='x' to='" + to + "'><ping xmlns='urn:xmpp:ping'/></iq>");
    Element error = client.next().child(Namespaces.CLIENT, "error").orElseThrow();
    assertThat(error.child(Namespaces.STANZA_ERRORS, condition)).as(to).isPresent();
  }

  @Test
  void badTokensAreRefusedAndTheThirdEndsTheStream() {
    String good = TestKeys.token("jane");
    String unsigned = Base64URL.encode("{\"alg\":\"none\"}") + "." + good.split("\\.", -1)[1] + ".";
    String wrongAlgorithm =
        Base64URL.encode("{\"alg\":\"HS256\"}") + good.substring(good.indexOf('.'));
    String forged = TestKeys.token(TestKeys.tokenKey("app"), "jane", Instant.now().plusSeconds(60));
    String expired = TestKeys.token(TestKeys.TOKEN_KEY, "jane", Instant.now().minusSeconds(1));
    for (String third : List.of(forged, expired)) {
      try (TestTcpClient client = TestTcpClient.connect(server.xmpp())) {
        client.openStream();
        assertThat(failure(client.authenticate("jane", unsigned))).isEqualTo("not-authorized");
        assertThat(failure(client.authenticate("jane", wrongAlgorithm)))
            .isEqualTo("not-authorized");
        assertThat(failure(client.authenticate("jane", third)))
            .isEqualTo(third.equals(expired) ? "credentials-expired" : "not-authorized");
        assertThat(client.awaitEnd()).contains("policy-violation");
      }
    }
  }

  private static String failure(Element answer) {
    assertThat(answer.is(Namespaces.SASL, "failure")).as(answer.toString()).isTrue();
    return answer.firstElement().orElseThrow().name();
  }

  @Test
  void whatIsSentInClearAfterStartTlsIsNeverRead() throws IOException {
    try (TestTcpClient client = TestTcpClient.connect(server.xmpp())) {
      client.openStream();
      client.send(
          "<starttls xmlns='" + Namespaces.TLS + "'/>" + TestTcpClient.HEADER + "<injected/>");
      assertThat(client.next().is(Namespaces.TLS, "proceed")).isTrue();
    }
    try (TestTcpClient client = TestTcpClient.connect(server.xmpp())) {
      client.openStream();
      client.send("<starttls xmlns='" + Namespaces.TLS + "'/><injected");
      client.awaitProceedAndEncrypt();
      // Had the half tag been kept, the header would now continue it.
      Element features = client.openStream();
      assertThat(features.child(Namespaces.SASL, "mechanisms")).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "tls", "startTls"})
  void aConnectionThatSaysNothingIsClosedInTime(String door) throws IOException {
    boolean direct = door.equals("tls");
    try (Socket socket =
        new Socket(
            InetAddress.getLoopbackAddress(),
            (direct ? server.directTls() : server.xmpp()).getPort())) {
      if (door.equals("startTls")) {
        socket
            .getOutputStream()
            .write(
                (TestTcpClient.HEADER + "<starttls xmlns='" + Namespaces.TLS + "'/>")
                    .getBytes(StandardCharsets.UTF_8));
      } else if (direct) {
        socket.getOutputStream().write(new byte[] {0x16, 3, 1, 0x02, 0}); // half a ClientHello
      }
      assertThat(readToEnd(socket)).isTrue();
    }
  }

  private static boolean readToEnd(Socket socket) throws IOException {
    socket.setSoTimeout(20_000); // a hang, however busy the machine is
    InputStream in = socket.getInputStream();
    byte[] chunk = new byte[4096];
    while (in.read(chunk) >= 0) {
      // what the server says is not the matter
    }
    return true;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatDoesNotReadIsCutOff(boolean tls) {
    try (TestTcpClient flooder = TestTcpClient.logIn(server, "flooder", "a");
        TestTcpClient deaf =
            tls
                ? TestTcpClient.logInDirectTls(server, "deaf", "a")
                : TestTcpClient.logIn(server, "deaf", "a")) {
      deaf.stopReading();
      String message =
          "<message type='chat' to='%s'><body>%s</body></message>"
              .formatted(deaf.jid(), "x".repeat(30_000));
      int sent = 0;
      while (server.server().counters().sessions() > sessions + 1
          && sent < MORE_THAN_SOCKETS_HOLD) {
        flooder.send(message);
        flooder.assertServed("flood-" + sent++);
      }
      assertThat(sent).isLessThan(MORE_THAN_SOCKETS_HOLD);
    }
  }

  @Test
  void aWebSocketThatPingsAndDoesNotReadIsCutOff() {
    try (TestWebSocketClient deaf = TestWebSocketClient.logIn(server.http(), "deaf", "ws")) {
      deaf.stopReading();
      int sent = 0;
      while (server.server().counters().sessions() > sessions && sent < 300_000) {
        deaf.pings(100);
        sent += 100;
      }
      assertThat(sent).as("37 MB of pongs are more than sockets hold").isLessThan(300_000);
    }
  }

  @Test
  void oneAddressHoldsSoManyUnauthenticatedConnectionsAndNoMore() throws IOException {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < STRICT.connectionsPerAddress(); i++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), server.xmpp().getPort()));
      }
      Eventually.holds(
          "all are counted", () -> server.unauthenticated() == STRICT.connectionsPerAddress());
      try (Socket refused = new Socket(InetAddress.getLoopbackAddress(), server.xmpp().getPort())) {
        assertThat(readToEnd(refused)).isTrue();
      }
      bystander.assertServed("while-full");
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void thousandsOfBadConnectionsLeaveNothingBehind() throws IOException {
    String[] inputs = {
      "<!DOCTYPE a>",
      TestTcpClient.HEADER + "<message>",
      TestTcpClient.HEADER + "<starttls xmlns='" + Namespaces.TLS + "'/>",
      TestTcpClient.HEADER
          + "<auth xmlns='"
          + Namespaces.SASL
          + "' mechanism='PLAIN'>"
          + "A".repeat(7000),
      "GET /xmpp HTTP/1.1\r\nHost: localhost\r\n\r\n"
    };
    badConnections(inputs, 200); // so that pools and code are warm
    long heap = usedHeap();
    long direct = usedDirect();
    badConnections(inputs, 2000);
    // Keeping just the 7 kB that every fourth of them sends would be 3.5 MB.
    Eventually.holds("heap is as it was", () -> usedHeap() - heap < 3_000_000);
    Eventually.holds("direct memory is as it was", () -> usedDirect() - direct < 1_000_000);
  }

  private static void badConnections(String[] inputs, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (i % 8 == 0) {
        awaitThatAllAreAccepted();
      }
      boolean http = i % inputs.length == 4;
      int port =
          http
              ? Integer.parseInt(server.http().substring(server.http().lastIndexOf(':') + 1))
              : server.xmpp().getPort();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(inputs[i % inputs.length].getBytes(StandardCharsets.UTF_8));
        if (i % 2 == 0) {
          socket.setSoLinger(true, 0); // and gone with a reset
        }
      }
    }
    awaitThatAllAreAccepted();
  }

  /** The queue of the listener is in order: once a newcomer is greeted, nobody waits before it. */
  private static void awaitThatAllAreAccepted() {
    Eventually.holds("a newcomer is greeted", BadInputTest::newcomerIsGreeted);
    Eventually.holds("all others are gone", () -> server.unauthenticated() == 0);
  }

  private static boolean newcomerIsGreeted() {
    try (TestTcpClient newcomer = TestTcpClient.connect(server.xmpp())) {
      newcomer.openStream();
      return true;
    } catch (AssertionError | UncheckedIOException refused) {
      return false;
    }
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long usedDirect() {
    return io.netty.util.internal.PlatformDependent.usedDirectMemory();
  }

  @Test
  void aStrangersHalfSentStanzaIsNobodyElsesBusiness() {
    try (TestTcpClient client = TestTcpClient.connect(server.xmpp())) {
      client.openStream();
      client.send("<auth xmlns='" + Namespaces.SASL + "' mecha");
      assertThat(client.awaitEnd()).isEqualTo(Optional.of("connection-timeout"));
    }
  }
}
