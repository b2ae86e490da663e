package dev.sotto.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sotto.relay.colibri.SottoElement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifiedIQ;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.StanzaBuilder;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@DisplayName("A relay's link through Debian's Prosody")
class RelayLinkTest {
  private static final int SECONDS = 20;

  @TempDir private Path folder;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final HeldRelay relay = new HeldRelay();

  /** After each loss and failure: the link draws at random how long it waits. */
  private final AtomicInteger waits = new AtomicInteger();

  private Prosody server;
  private RelayLink link;

  @BeforeEach
  void starts() throws Exception {
    server = Prosody.start(folder);
    log.start();
    logger().addAppender(log);
    logger().setLevel(Level.INFO);
    link = link(Links.SECRET);
  }

  @AfterEach
  void ends() throws Exception {
    if (server != null) {
      link.close();
      logger().detachAppender(log);
      logger().setLevel(null);
      server.close();
    }
    relay.close();
  }

  @Test
  void the_focus_sees_what_relay_it_is_under_the_names_of_jitsis_bridge() throws Exception {
    try (TestClient focus = TestClient.focus(server.port())) {
      link.start();
      Presence announcement = focus.announcementOf();

      assertThat(announcement.getFrom().toString()).isEqualTo(Links.RELAY.toString());
      assertThat(TestClient.stat(announcement, "region")).isEqualTo("eu-central");
      assertThat(TestClient.stat(announcement, "version")).isEqualTo("0.1.0");
      assertThat(TestClient.stat(announcement, "stress_level")).isEqualTo("0.25");
      assertThat(TestClient.stat(announcement, "drain")).isEqualTo("false");
      assertThat(link.isUp()).isTrue();
    }
  }

  @Test
  void the_focus_creates_changes_and_ends_a_conference() throws Exception {
    try (TestClient focus = TestClient.focus(server.port())) {
      link.start();
      focus.announcement();

      IQ created = focus.create("m1", "alice");
      assertThat(created).isInstanceOf(ConferenceModifiedIQ.class);
      assertThat(((ConferenceModifiedIQ) created).getEndpoints().getFirst().getTransport())
          .isNotNull();
      assertThat(TestClient.stat(focus.announcementOf("m1"), "conferences")).isEqualTo("1");

      IQ modified = focus.modify("m1", "bob");
      assertThat(modified.getType()).isEqualTo(IQ.Type.result);
      IQ again = focus.create("m1");
      assertThat(again.getError().getCondition()).isEqualTo(StanzaError.Condition.conflict);

      IQ expired = focus.command("m1", request -> request.setExpire(true));
      assertThat(expired.getType()).isEqualTo(IQ.Type.result);
      focus.announcementOf();
    }
  }

  @Test
  void a_stranger_is_forbidden_whatever_it_asks() throws Exception {
    try (TestClient focus = TestClient.focus(server.port());
        TestClient stranger = TestClient.connect(server.port(), Prosody.STRANGER)) {
      link.start();
      focus.announcement();

      IQ command = stranger.create("m1");
      assertThat(command.getError().getCondition()).isEqualTo(StanzaError.Condition.forbidden);
      for (IQ request :
          List.of(
              new Ping(Links.RELAY),
              DiscoverInfo.builder(stranger.connection()).build(),
              ConferenceListIq.request(StanzaBuilder.buildIqData("list"), ""))) {
        assertThat(stranger.ask(request).getError().getCondition())
            .as(request.getChildElementName())
            .isEqualTo(StanzaError.Condition.forbidden);
      }
      assertThat(relay.conferenceIds()).isEmpty();
      assertThat(stranger.announcements()).isEmpty();
    }
  }

  @Test
  void what_a_stranger_may_send_does_not_end_the_link() throws Exception {
    try (TestClient focus = TestClient.focus(server.port());
        TestClient stranger = TestClient.connect(server.port(), Prosody.STRANGER)) {
      link.start();
      focus.announcement();
      // Smack's own reader of delays fails at a date that is none.
      stranger.send(
          StanzaBuilder.buildMessage()
              .to(Links.RELAY)
              .addExtension(
                  StandardExtensionElement.builder("delay", "urn:xmpp:delay")
                      .addAttribute("stamp", "yesterday")
                      .build())
              .build());
      stranger.send(StanzaBuilder.buildPresence().to(Links.RELAY).build());

      assertThat(focus.create("m1").getType()).isEqualTo(IQ.Type.result);
      assertThat(lines(Level.WARN)).isEmpty();
    }
  }

  @Test
  void a_stranger_that_asks_without_end_does_not_hold_up_the_focus() throws Exception {
    try (TestClient focus = TestClient.focus(server.port());
        TestClient stranger = TestClient.connect(server.port(), Prosody.STRANGER)) {
      link.start();
      focus.announcement();
      relay.hold();
      focus.sendCreate("m1");
      Await.until(SECONDS, "request read", relay::isAsked);
      for (int i = 0; i < 10_000; i++) {
        stranger.send(new Ping(Links.RELAY));
      }
      relay.release();

      assertThat(focus.create("m2").getType()).isEqualTo(IQ.Type.result);
      assertThat(relay.conferenceIds()).containsExactly("m1", "m2");
      assertThat(lines(Level.WARN)).isEmpty();
    }
  }

  @Test
  void disco_names_colibri2_and_what_sotto_adds_to_it() throws Exception {
    try (TestClient focus = TestClient.focus(server.port())) {
      link.start();
      focus.announcement();

      DiscoverInfo info =
          (DiscoverInfo) focus.ask(DiscoverInfo.builder(focus.connection()).build());
      assertThat(info.getFeatures())
          .extracting(DiscoverInfo.Feature::getVar)
          .containsExactlyInAnyOrderElementsOf(RequestDesk.FEATURES)
          .contains("jitsi:colibri2", SottoElement.NAMESPACE);
      assertThat(focus.ask(new Ping(Links.RELAY)).getType()).isEqualTo(IQ.Type.result);
    }
  }

  @Test
  void a_focus_that_comes_later_is_told_when_it_shows_itself() throws Exception {
    link.start();
    Await.until(SECONDS, "link", link::isUp);
    try (TestClient focus = TestClient.focus(server.port())) {
      // The times of this test would tell it only in half a minute.
      focus.send(StanzaBuilder.buildPresence().to(Links.RELAY).build());
      focus.announcementOf();
    }
  }

  @Test
  void that_the_relay_drains_is_announced() throws Exception {
    try (TestClient focus = TestClient.focus(server.port())) {
      link.start();
      focus.announcement();
      relay.drain();

      Await.until(
          SECONDS, "drains", () -> TestClient.stat(focus.announcement(), "drain").equals("true"));
      assertThat(TestClient.stat(focus.announcement(), "graceful_shutdown")).isEqualTo("true");
      IQ refused = focus.create("m1");
      assertThat(refused.getError().getCondition())
          .isEqualTo(StanzaError.Condition.service_unavailable);
    }
  }

  @Test
  void after_a_crash_of_the_server_the_link_returns_and_what_was_held_is_held() throws Exception {
    try (TestClient focus = TestClient.focus(server.port())) {
      link.start();
      focus.announcement();
      focus.create("m1", "alice");
      server.kill();
      Await.until(SECONDS, "loss noticed", () -> !link.isUp());
    }
    assertThat(relay.conferenceIds()).containsExactly("m1");

    server.start();
    try (TestClient focus = TestClient.focus(server.port())) {
      Await.until(SECONDS, "link", link::isUp);
      focus.send(StanzaBuilder.buildPresence().to(Links.RELAY).build());
      focus.announcementOf("m1");
      assertThat(focus.modify("m1", "bob").getType()).isEqualTo(IQ.Type.result);
    }
    assertThat(lines(Level.WARN)).hasSize(1);
    assertThat(lines(Level.INFO)).hasSize(2);
  }

  @Test
  void a_server_that_is_silent_with_its_connections_open_is_noticed_by_ping() throws Exception {
    link.start();
    Await.until(SECONDS, "link", link::isUp);
    server.suspend();

    Await.until(SECONDS, "loss noticed", () -> !lines(Level.WARN).isEmpty());
    assertThat(link.isUp()).isFalse();
    assertThat(lines(Level.WARN)).singleElement().asString().contains("does not answer");
    server.resume();
    Await.until(SECONDS, "link", link::isUp);
  }

  @Test
  void a_relay_with_a_wrong_secret_keeps_trying_and_says_so_once() throws Exception {
    link.close();
    link = link("of another");
    link.start();
    Await.until(SECONDS, "refused", () -> !lines(Level.WARN).isEmpty());
    Await.until(SECONDS, "attempts", () -> waits.get() > 3);

    assertThat(link.isUp()).isFalse();
    assertThat(lines(Level.WARN)).singleElement().asString().contains("not-authorized");
    assertThat(lines(Level.WARN).getFirst()).doesNotContain("of another");
  }

  @Test
  void the_focus_that_created_a_conference_is_told_who_is_where_and_who_speaks() throws Exception {
    try (TestClient focus = TestClient.focus(server.port());
        TestClient other = TestClient.focus(server.port())) {
      link.start();
      focus.announcement();
      focus.create("m1");
      link.events().publish(slots("alice-v0"));
      link.events().publish(new ConferenceEvent.Speakers("m1", List.of("alice", "bob")));

      Await.until(SECONDS, "events", () -> focus.messages().size() == 2);
      assertThat(elements(focus))
          .extracting(element -> element.getElementName())
          .containsExactly("slots", "speakers");
      assertThat(other.messages()).isEmpty();
    }
  }

  @Test
  void of_what_happened_while_the_link_was_down_the_newest_is_told() throws Exception {
    try (TestClient focus = TestClient.focus(server.port())) {
      link.start();
      focus.announcement();
      focus.create("m1");
      server.kill();
      Await.until(SECONDS, "loss noticed", () -> !link.isUp());
    }
    for (int i = 0; i < 1_000; i++) {
      link.events().publish(slots("source" + i));
    }
    server.start();
    try (TestClient focus = TestClient.focus(server.port())) {
      Await.until(SECONDS, "link", link::isUp);
      // With its new resource it adopts the conference.
      focus.modify("m1");

      Await.until(SECONDS, "events", () -> !focus.messages().isEmpty());
      assertThat(elements(focus))
          .singleElement()
          .satisfies(element ->
              assertThat(element.getFirstElement("slot").getAttributeValue("source"))
                  .isEqualTo("source999"));
    }
  }

  @Test
  void a_server_that_reads_nothing_holds_up_no_one_who_has_something_to_tell() throws Exception {
    try (TestClient focus = TestClient.focus(server.port())) {
      link.start();
      focus.announcement();
      focus.create("m1");
      server.suspend();
      int[] told = new int[1];
      // More than every buffer on the way holds.
      Await.until(
          SECONDS,
          "loss noticed",
          () -> {
            for (int i = 0; i < 200; i++) {
              link.events().publish(slots("s".repeat(200) + told[0]++));
            }
            return !link.isUp();
          });
      server.resume();
      Await.until(SECONDS, "link", link::isUp);
      int last = told[0] - 1;

      Await.until(
          SECONDS,
          "the newest",
          () -> !focus.messages().isEmpty() && source(focus).endsWith("s" + last));
    }
  }

  @Test
  void a_request_that_was_read_before_a_cut_is_done_and_shows() throws Exception {
    try (TestClient focus = TestClient.focus(server.port())) {
      link.start();
      focus.announcement();
      relay.hold();
      focus.sendCreate("m1");
      Await.until(SECONDS, "request read", relay::isAsked);
      server.kill();
      Await.until(SECONDS, "loss noticed", () -> !link.isUp());
    }
    relay.release();
    Await.until(SECONDS, "done", () -> relay.conferenceIds().equals(List.of("m1")));
    server.start();
    try (TestClient focus = TestClient.focus(server.port())) {
      Await.until(SECONDS, "link", link::isUp);
      focus.send(StanzaBuilder.buildPresence().to(Links.RELAY).build());

      focus.announcementOf("m1");
    }
  }

  @Test
  void conferences_that_no_announcement_has_room_for_are_listed() throws Exception {
    try (TestClient focus = TestClient.focus(server.port())) {
      link.start();
      focus.announcement();
      List<String> ids =
          IntStream.range(0, 40).mapToObj(i -> "%03d".formatted(i) + "m".repeat(200)).toList();
      for (String id : ids) {
        focus.create(id);
      }
      Await.until(
          SECONDS,
          "announced",
          () -> TestClient.stat(focus.announcement(), "conferences").equals("40"));
      List<String> known = new ArrayList<>(TestClient.conferences(focus.announcement()));
      assertThat(known.size()).isBetween(1, 39);
      for (int page = 0; known.size() < 40; page++) {
        ConferenceListIq request =
            ConferenceListIq.request(StanzaBuilder.buildIqData("page" + page), known.getLast());
        known.addAll(((ConferenceListIq) focus.ask(request)).ids());
        assertThat(page).isLessThan(40);
      }
      assertThat(known.equals(ids)).isTrue();
    }
  }

  @Test
  void a_relay_that_is_closed_says_goodbye() throws Exception {
    try (TestClient focus = TestClient.focus(server.port())) {
      link.start();
      focus.announcement();
      link.close();

      Await.until(
          SECONDS,
          "unavailable",
          () ->
              focus.presences().stream()
                  .anyMatch(presence ->
                      presence.getType() == Presence.Type.unavailable
                          && Links.RELAY.equals(presence.getFrom())));
      assertThat(link.isUp()).isFalse();
      assertThat(lines(Level.WARN)).isEmpty();
    }
  }

  private static ConferenceEvent slots(String source) {
    return new ConferenceEvent.Slots(
        "m1",
        "bob",
        List.of(
            new ConferenceEvent.Slot(
                2001, Optional.of(new ConferenceEvent.Occupant(source, "alice")))));
  }

  private static List<StandardExtensionElement> elements(TestClient focus) {
    return focus.messages().stream()
        .map(Message::getExtensions)
        .map(extensions -> (StandardExtensionElement) extensions.getFirst())
        .toList();
  }

  private static String source(TestClient focus) {
    return elements(focus).getLast().getFirstElement("slot").getAttributeValue("source");
  }

  private RelayLink link(String secret) {
    return new RelayLink(
        Links.settings(server.port(), secret, new ServerSecurity.PlainOnLoopback()),
        relay,
        relay::status,
        System::nanoTime,
        () -> {
          waits.incrementAndGet();
          return new SplittableRandom(1).nextLong();
        });
  }

  private List<String> lines(Level level) {
    return List.copyOf(log.list).stream()
        .filter(line -> line.getLevel() == level)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(RelayLink.class);
  }
}
