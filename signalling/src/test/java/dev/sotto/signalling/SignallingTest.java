package dev.sotto.signalling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.signalling.SignallingServer.ListenException;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The started role as clients see it, over each of its doors. */
final class SignallingTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Arguments> doors() {
    return Stream.of(
        door("plain TCP on loopback", user -> TestTcpClient.logIn(server, user, "a")),
        door("STARTTLS", user -> TestTcpClient.logInStartTls(server, user, "a")),
        door("direct TLS", user -> TestTcpClient.logInDirectTls(server, user, "a")),
        door("ws", user -> TestWebSocketClient.logIn(server.http(), user, "a")),
        door("wss", user -> TestWebSocketClient.logIn(server.https(), user, "a")));
  }

  private static Arguments door(String name, Function<String, TestClient> logIn) {
    return Arguments.of(name, logIn);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("doors")
  void aUserLogsInAndTalksToAnotherOne(String name, Function<String, TestClient> logIn) {
    String user = nameOf(name);
    try (TestClient caller = logIn.apply(user);
        TestClient callee = TestTcpClient.logIn(server, "callee-of-" + user, "phone")) {
      assertThat(caller.jid()).isEqualTo(user + "@sotto.example/a");
      caller.becomeAvailable();
      callee.becomeAvailable();
      Element seen = caller.next(from(callee.jid()));
      assertThat(seen.name()).isEqualTo("presence");
      assertThat(callee.next(from(caller.jid())).name()).isEqualTo("presence");

      caller.send(
          "<message xmlns='jabber:client' type='chat' id='m1' to='"
              + callee.bareJid()
              + "'><propose xmlns='urn:xmpp:jingle-message:0' id='c1'/></message>");
      Element propose = callee.next(m -> m.name().equals("message"));
      assertThat(propose.attribute("from")).contains(caller.jid());
      assertThat(propose.child(Namespaces.JINGLE_MESSAGE, "propose")).isPresent();

      callee.send(
          "<iq xmlns='jabber:client' type='get' id='q1' to='"
              + caller.jid()
              + "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
      Element asked = caller.next(m -> m.name().equals("iq"));
      assertThat(asked.attribute("from")).contains(callee.jid());
      caller.send("<iq xmlns='jabber:client' type='result' id='q1' to='" + callee.jid() + "'/>");
      assertThat(callee.next(m -> m.name().equals("iq")).attribute("type")).contains("result");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("doors")
  void aUserAsksForRosterServicesAndFeatures(String name, Function<String, TestClient> logIn) {
    String user = "asker-" + nameOf(name);
    try (TestClient client = logIn.apply(user);
        TestClient other = TestTcpClient.logIn(server, "someone", nameOf(name))) {
      Element roster = client.ask("get", "r", "<query xmlns='jabber:iq:roster'/>");
      assertThat(roster.firstElement().orElseThrow().elements())
          .extracting(item -> item.attribute("jid").orElseThrow())
          .contains(other.bareJid());

      Element services = client.ask("get", "s", "<services xmlns='urn:xmpp:extdisco:2'/>");
      List<Element> offered = services.firstElement().orElseThrow().elements().toList();
      assertThat(offered).hasSize(2);
      assertThat(offered.getLast().attribute("username")).contains("1:" + user);
      assertThat(offered.getLast().attribute("expires")).contains("2040-01-02T03:04:05Z");

      client.assertServed("p");
    }
  }

  @Test
  void countersFollowWhatHappens() {
    SignallingCounters before = server.server().counters();
    try (TestClient client = TestTcpClient.logIn(server, "counted", "a")) {
      client.assertServed("p");
      SignallingCounters after = server.server().counters();
      assertThat(after.connections()).isGreaterThan(before.connections());
      assertThat(after.authSuccesses()).isEqualTo(before.authSuccesses() + 1);
      assertThat(after.stanzasRouted()).isEqualTo(before.stanzasRouted() + 1);
    }
    assertThat(server.server().ready()).isTrue();
  }

  @Test
  void drainingTellsEveryClientAndEndsEverything() {
    TestServer draining = TestServer.start();
    try (TestClient tcp = TestTcpClient.logIn(draining, "a", "tcp");
        TestClient tls = TestTcpClient.logInDirectTls(draining, "a", "tls");
        TestClient ws = TestWebSocketClient.logIn(draining.http(), "a", "ws")) {
      draining.server().drain(Duration.ofSeconds(5));
      assertThat(Stream.of(tcp, tls, ws).map(TestClient::awaitEnd))
          .containsOnly(Optional.of("system-shutdown"));
      assertThat(draining.server().ready()).isFalse();
      assertThatThrownBy(() -> TestTcpClient.connect(draining.xmpp()))
          .hasRootCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void closingTwiceIsHarmless() {
    TestServer closing = TestServer.start();
    closing.close();
    closing.close();
    assertThat(closing.server().ready()).isFalse();
  }

  @Test
  void aTakenPortIsNamedInOneLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() ->
              Signalling.start(
                  TestServer.settings(TestServer.LIMITS, TestServer.loopback(port)),
                  TestServer.collaborators()))
          .isInstanceOf(ListenException.class)
          .hasMessageContaining("XMPP")
          .hasMessageContaining("127.0.0.1:" + port)
          .message()
          .doesNotContain("\n");
      assertThatThrownBy(() ->
              Signalling.start(
                  TestServer.settingsWithHttp(TestServer.loopback(port)),
                  TestServer.collaborators()))
          .isInstanceOf(ListenException.class)
          .hasMessageContaining("HTTP")
          .hasMessageContaining("127.0.0.1:" + port)
          .message()
          .doesNotContain("\n");
    }
  }

  private static String nameOf(String door) {
    return door.toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  private static java.util.function.Predicate<Element> from(String jid) {
    return element -> element.attribute("from").equals(Optional.of(jid));
  }
}
