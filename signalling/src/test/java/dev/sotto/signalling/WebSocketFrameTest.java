package dev.sotto.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sotto.signalling.xml.Element;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What only a WebSocket can do wrong; RFC 6455 section 7.4.1 names the close codes. */
final class WebSocketFrameTest {

  private static final int UNSUPPORTED_DATA = 1003;
  private static final int TOO_BIG = 1009;
  private static final String PING =
      "<iq xmlns='jabber:client' type='get' id='f1'><ping xmlns='urn:xmpp:ping'/></iq>";

  private static TestServer server;

  private final Logger log = (Logger) LoggerFactory.getLogger("dev.sotto.signalling.transport");
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void listenToTheLog() {
    logged.start();
    log.addAppender(logged);
  }

  /** A client can do what is tested here any number of times. */
  @AfterEach
  void nothingWasLoggedAsOurFailure() {
    Eventually.holds("all are gone", () -> server.server().counters().sessions() == 0);
    log.detachAppender(logged);
    assertThat(logged.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
  }

  private static TestWebSocketClient mallory() {
    return TestWebSocketClient.logIn(server.http(), "mallory", "ws");
  }

  @Test
  void fragmentsMakeOneMessage() {
    try (TestWebSocketClient client = mallory()) {
      client.sendFragment(PING.substring(0, 9), false);
      client.sendFragment(PING.substring(9, 30), false);
      client.sendFragment(PING.substring(30), true);
      Element pong = client.next();
      assertThat(pong.attribute("id")).isEqualTo(Optional.of("f1"));
    }
  }

  @Test
  void fragmentsThatTogetherAreOverTheLimitAreTooBig() {
    try (TestWebSocketClient client = mallory()) {
      String most = "x".repeat(TestServer.LIMITS.stanzaBytes() - 10);
      client.sendFragment(most, false);
      client.sendFragment(most, false);
      client.awaitEnd();
      assertThat(client.closeCode()).isEqualTo(TOO_BIG);
    }
  }

  @Test
  void aBinaryMessageIsUnsupported() {
    try (TestWebSocketClient client = mallory()) {
      client.sendBinary(PING);
      client.awaitEnd();
      assertThat(client.closeCode()).isEqualTo(UNSUPPORTED_DATA);
    }
  }

  @Test
  void aConnectionMayEndInsideAMessage() {
    try (TestWebSocketClient client = mallory()) {
      client.sendFragment(PING.substring(0, 9), false);
    }
  }
}
