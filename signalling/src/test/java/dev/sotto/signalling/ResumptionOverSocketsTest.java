package dev.sotto.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XEP-0198 as strangers' clients use it: over TLS and WebSocket, from loop to loop. */
final class ResumptionOverSocketsTest {

  private static final String ALICE = "alice";
  private static final String BOB = "bob";

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  enum Door {
    STARTTLS,
    DIRECT_TLS,
    WEBSOCKET
  }

  private static Supplier<TestClient> opened(TestServer of, Door door) {
    return () -> {
      TestClient client =
          switch (door) {
            case STARTTLS -> {
              TestTcpClient plain = TestTcpClient.connect(of.xmpp());
              plain.openStream();
              plain.startTls();
              yield plain;
            }
            case DIRECT_TLS -> TestTcpClient.connectTls(of.directTls());
            case WEBSOCKET -> TestWebSocketClient.connect(of.https());
          };
      client.openStream();
      return client;
    };
  }

  /** Who says what; {@code %s} is the other's full JID. */
  private record Line(String speaker, String stanza) {

    static Line jmi(String speaker, String action) {
      return new Line(
          speaker,
          "<message xmlns='jabber:client' type='chat' id='%1$s' to='%%s'>"
                  .formatted(speaker + "-" + action)
              + "<%s xmlns='urn:xmpp:jingle-message:0' id='c1'/></message>".formatted(action));
    }

    static Stream<Line> jingle(String speaker, String action) {
      String id = speaker + "-" + action;
      return Stream.of(
          new Line(
              speaker,
              "<iq xmlns='jabber:client' type='set' id='%s' to='%%s'>".formatted(id)
                  + "<jingle xmlns='urn:xmpp:jingle:1' action='%s' sid='c1'/></iq>"
                      .formatted(action)),
          new Line(
              speaker.equals(ALICE) ? BOB : ALICE,
              "<iq xmlns='jabber:client' type='result' id='%s' to='%%s'/>".formatted(id)));
    }

    Optional<String> id() {
      return Optional.of(stanza.replaceAll("(?s).*? id='([^']*)'.*", "$1"));
    }
  }

  private static final List<Line> CALL =
      Stream.of(
              Stream.of(
                  Line.jmi(ALICE, "propose"), Line.jmi(BOB, "ringing"), Line.jmi(BOB, "proceed")),
              Line.jingle(ALICE, "session-initiate"),
              Line.jingle(BOB, "transport-info"),
              Line.jingle(ALICE, "transport-info"),
              Line.jingle(BOB, "session-accept"),
              Line.jingle(ALICE, "session-terminate"),
              Stream.of(Line.jmi(ALICE, "finish")))
          .flatMap(lines -> lines)
          .toList();

  /**
   * The whole call once for each of its stanzas; after that one the connection of the side is lost,
   * noticed by the server or not. Each stanza is heard by the other side, once and in its turn.
   */
  @ParameterizedTest
  @CsvSource({
    "STARTTLS, alice, true",
    "STARTTLS, bob, false",
    "DIRECT_TLS, alice, false",
    "DIRECT_TLS, bob, true",
    "WEBSOCKET, alice, true",
    "WEBSOCKET, bob, true",
    "WEBSOCKET, alice, false",
    "WEBSOCKET, bob, false",
  })
  void a_call_goes_on_whichever_stanza_it_loses_its_connection_after(
      Door door, String victim, boolean noticed) {
    for (int lost = 0; lost < CALL.size(); lost++) {
      // Users of their own, since sessions of the last call may still wait.
      String suffix = "-" + door + victim + noticed + lost;
      long resumptions = server.server().counters().resumptions();
      try (ManagedClient alice = new ManagedClient(opened(server, door), ALICE + suffix, "a");
          ManagedClient bob = new ManagedClient(opened(server, door), BOB + suffix, "b")) {
        List<TestClient> left = new ArrayList<>();
        for (int i = 0; i < CALL.size(); i++) {
          Line line = CALL.get(i);
          ManagedClient speaker = line.speaker().equals(ALICE) ? alice : bob;
          ManagedClient listener = line.speaker().equals(ALICE) ? bob : alice;
          speaker.says(line.stanza().formatted(listener.jid()));
          if (i == lost) {
            ManagedClient loser = victim.equals(ALICE) ? alice : bob;
            left.add(loser.connection());
            if (noticed) {
              loser.isCutOff();
            }
            assertThat(loser.comesBack().name()).isEqualTo("resumed");
          }
          assertThat(listener.hears().attribute("id")).isEqualTo(line.id());
        }
        assertThat(server.server().counters().resumptions()).isEqualTo(resumptions + 1);
        left.forEach(TestClient::close);
      }
    }
  }

  @Test
  void a_session_goes_from_tcp_to_websocket_and_back() {
    try (TestTcpClient bob = TestTcpClient.logIn(server, "bob-moves", "b");
        ManagedClient alice =
            new ManagedClient(
                new Supplier<>() {
                  private int count;

                  @Override
                  public TestClient get() {
                    Door next = count++ % 2 == 0 ? Door.DIRECT_TLS : Door.WEBSOCKET;
                    return opened(server, next).get();
                  }
                },
                "alice-moves",
                "a")) {
      for (int i = 0; i < 4; i++) {
        alice.isCutOff();
        String id = "m" + i;
        bob.send("<message type='chat' id='" + id + "' to='" + alice.jid() + "'><body/></message>");
        assertThat(alice.comesBack().name()).isEqualTo("resumed");
        assertThat(alice.hears().attribute("id")).contains(id);
      }
    }
  }

  @Test
  void a_connection_that_is_taken_over_is_told_so() {
    try (ManagedClient alice =
        new ManagedClient(opened(server, Door.STARTTLS), "alice-twice", "a")) {
      TestClient old = alice.connection();

      alice.comesBack();

      assertThat(old.awaitEnd()).contains("conflict");
      alice.connection().assertServed("p");
    }
  }

  @Test
  void sessions_that_wait_are_counted_and_end_when_their_client_leaves() {
    try (TestServer own = TestServer.start();
        ManagedClient alice = new ManagedClient(opened(own, Door.STARTTLS), "alice", "a")) {
      alice.isCutOff();
      Eventually.holds("the session waits", () -> own.server().counters().waitingSessions() == 1);
      assertThat(own.server().counters().sessions()).isEqualTo(1);

      alice.comesBack();
      assertThat(own.server().counters().waitingSessions()).isZero();
      alice.connection().send("</stream:stream>");
      alice.connection().awaitEnd();
      Eventually.holds("the session has ended", () -> own.server().counters().sessions() == 0);
      assertThat(alice.comesBack().name()).isEqualTo("failed");
      assertThat(own.server().counters().failedResumptions()).isEqualTo(1);
    }
  }

  /** What a session knows ends with the process; what the client has not acknowledged is kept. */
  @Test
  void after_a_restart_clients_are_told_to_begin_anew_and_can() {
    TestServer first = TestServer.start();
    TestServer second = TestServer.start();
    List<TestServer> current = new ArrayList<>(List.of(first));
    try (second;
        ManagedClient alice =
            new ManagedClient(
                () -> opened(current.getFirst(), Door.DIRECT_TLS).get(), "alice", "a")) {
      first.server().drain(Duration.ofSeconds(5));
      assertThat(alice.connection().next().is(Namespaces.STREAM_MANAGEMENT, "a")).isTrue();
      assertThat(alice.connection().awaitEnd()).contains("system-shutdown");
      current.set(0, second);

      Element answer = alice.comesBack();

      assertThat(answer.name()).isEqualTo("failed");
      assertThat(answer.child(Namespaces.STANZA_ERRORS, "item-not-found")).isPresent();
      alice.beginsAnew();
      alice.connection().assertServed("p");
    } finally {
      first.close();
    }
  }

  @Test
  void draining_does_not_wait_for_clients_that_are_away() {
    TestServer draining = TestServer.start();
    try (ManagedClient alice = new ManagedClient(opened(draining, Door.STARTTLS), "alice", "a")) {
      alice.isCutOff();
      Eventually.holds(
          "the session waits", () -> draining.server().counters().waitingSessions() == 1);

      draining.server().drain(Duration.ofMinutes(5));

      assertThat(draining.server().counters().sessions()).isZero();
    }
  }
}
