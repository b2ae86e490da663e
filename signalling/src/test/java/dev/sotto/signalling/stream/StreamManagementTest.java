package dev.sotto.signalling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import dev.sotto.signalling.dialogue.Tokens;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0198, as dialogues. */
final class StreamManagementTest {

  private static final String CLOSED = "</stream:stream>";
  private static final String ENABLE = "<enable xmlns='urn:xmpp:sm:3' resume='true'/>";
  private static final String R = "<r xmlns='urn:xmpp:sm:3'/>";
  private static final String UNEXPECTED = failed("unexpected-request", "");
  private static final Pattern ID = Pattern.compile("<enabled xmlns='urn:xmpp:sm:3' id='([^']+)'");

  private final Dialogue dialogue = Dialogue.amongStrangers();

  private static String a(long h) {
    return "<a xmlns='urn:xmpp:sm:3' h='" + h + "'/>";
  }

  private static String failed(String condition, String attributes) {
    return "<failed xmlns='urn:xmpp:sm:3'"
        + attributes
        + "><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>";
  }

  private static String error(String condition) {
    return "<stream:error><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
  }

  private static String tooHigh(long h, long sent) {
    return "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        + "<handled-count-too-high xmlns='urn:xmpp:sm:3' h='"
        + h
        + "' send-count='"
        + sent
        + "'/></stream:error>";
  }

  private static String resume(String id, long h) {
    return "<resume xmlns='urn:xmpp:sm:3' previd='" + id + "' h='" + h + "'/>";
  }

  private static String resumed(String id, long h) {
    return "<resumed xmlns='urn:xmpp:sm:3' previd='" + id + "' h='" + h + "'/>";
  }

  private static String chat(String to, String text) {
    return "<message type='chat' to='" + to + "'><body>" + text + "</body></message>";
  }

  private static String fromBob(String text) {
    return fromBob("alice@example.org/phone", text, "");
  }

  private static String fromBob(String to, String text, String more) {
    return "<message type='chat' from='bob@example.org/laptop' to='"
        + to
        + "'><body>"
        + text
        + "</body>"
        + more
        + "</message>";
  }

  private static String delay(String stamp) {
    return "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='" + stamp + "'/>";
  }

  private static String id(String enabled) {
    Matcher matcher = ID.matcher(enabled);
    assertThat(matcher.find()).as(enabled).isTrue();
    return matcher.group(1);
  }

  @Nested
  class Enabling {

    private final Device alice = dialogue.bound("alice/phone");

    @Test
    void section_2_it_is_offered_once_a_resource_can_be_bound() {
      Device device =
          dialogue.connection().opens().authenticates("", "alice", Tokens.good("alice")).opens();

      assertThat(device.hearsRest().getLast())
          .contains("<sm xmlns='urn:xmpp:sm:3'/>", "<csi xmlns='urn:xmpp:csi:0'/>");
    }

    @Test
    void section_3_the_answer_tells_how_to_resume_and_for_how_long() {
      assertThat(alice.says(ENABLE).hears())
          .matches(
              "<enabled xmlns='urn:xmpp:sm:3' id='[A-Za-z0-9_-]{32}' max='300' resume='true'/>");
    }

    @Test
    void section_3_without_resumption_no_identifier_is_given() {
      alice.says("<enable xmlns='urn:xmpp:sm:3'/>").hears("<enabled xmlns='urn:xmpp:sm:3'/>");
    }

    @ParameterizedTest
    @CsvSource({"60,60", "300,300", "301,300", "4294967295,300", "0,300", "-1,300", "x,300"})
    void section_3_a_client_may_prefer_less_time_but_not_more(String asked, String given) {
      assertThat(
              alice.says("<enable xmlns='urn:xmpp:sm:3' resume='1' max='" + asked + "'/>").hears())
          .contains(" max='" + given + "'");
    }

    @Test
    void identifiers_are_never_the_same() {
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < 20; i++) {
        Device device = dialogue.bound("alice/phone").says(ENABLE);
        assertThat(seen.add(id(device.hears()))).isTrue();
      }
    }

    @Test
    void section_3_a_second_time_fails() {
      alice.says(ENABLE).hears();

      alice.says(ENABLE).hears(UNEXPECTED).hearsNothing();
    }

    @Test
    void section_3_before_a_resource_is_bound_it_fails() {
      Device device = dialogue.authenticated("alice");

      device.says(ENABLE).hears(UNEXPECTED).hearsNothing();
      assertThat(device.binds("tablet").hearsRest().getLast()).contains("type='result'");
    }

    @Test
    void section_3_before_authentication_it_fails() {
      Device device = dialogue.connection().opens();
      device.hearsRest();

      device.says(ENABLE).hears(UNEXPECTED);
      device.says(resume("x", 0)).hears(UNEXPECTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<r xmlns='urn:xmpp:sm:3'/>", "<a xmlns='urn:xmpp:sm:3' h='0'/>"})
    void acknowledgements_before_they_are_enabled_fail(String nonza) {
      alice.says(nonza).hears(UNEXPECTED).hearsNothing();
    }

    @Test
    void an_unknown_element_of_its_namespace_ends_the_stream() {
      alice.says("<x xmlns='urn:xmpp:sm:3'/>").hears(error("unsupported-stanza-type"), CLOSED);
    }
  }

  @Nested
  class Acknowledging {

    private final Device alice = dialogue.available("alice/phone").says(ENABLE);
    private final Device bob = dialogue.available("bob/laptop");

    Acknowledging() {
      dialogue.quiet();
    }

    private void bobSays(int from, int to) {
      for (int i = from; i <= to; i++) {
        bob.says(chat("alice@example.org/phone", "m" + i));
      }
    }

    @Test
    void section_4_the_server_counts_what_it_handled_since() {
      alice.says(R).hears(a(0));
      alice.says(chat("bob@example.org", "1"), R).hears(a(1));
      alice.says(R, chat("bob@example.org", "2"), "<presence/>", R);
      alice.hears(a(1)).hears(); // the presence comes back
      alice.hears(a(3)).hearsNothing();
    }

    @Test
    void section_4_a_lone_stanza_is_asked_after_when_its_moment_has_passed() {
      bobSays(1, 1);
      alice.hears(fromBob("m1")).hearsNothing();

      dialogue.time().pass(AcknowledgementRequests.DELAY);

      alice.hears(R).hearsNothing();
      alice.says(a(1));
      dialogue.time().pass(Duration.ofSeconds(100));
      alice.hearsNothing();
    }

    @Test
    void section_4_after_a_few_stanzas_the_server_asks_at_once_and_once() {
      bobSays(1, 12);

      List<String> heard = alice.hearsRest();
      assertThat(heard).hasSize(13);
      assertThat(heard.get(AcknowledgementRequests.STANZAS)).isEqualTo(R);

      alice.says(a(5));
      assertThat(alice.hearsRest()).containsExactly(R);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4294967295L})
    void section_6_a_count_of_what_was_never_sent_ends_the_stream(long h) {
      bobSays(1, 1);
      alice.hearsRest();

      alice.says(a(h)).hears(a(0), tooHigh(h, 1), CLOSED);
    }

    @Test
    void a_count_that_takes_back_an_earlier_one_ends_the_stream() {
      bobSays(1, 2);
      alice.hearsRest();

      alice.says(a(2), a(1)).hears(a(0), tooHigh(1, 2), CLOSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " h=''", " h='x'", " h='-1'", " h='4294967296'"})
    void what_is_no_count_ends_the_stream(String attribute) {
      alice
          .says("<a xmlns='urn:xmpp:sm:3'" + attribute + "/>")
          .hears(a(0), error("bad-format"), CLOSED);
    }

    @Test
    void a_client_that_never_acknowledges_is_told_so_and_its_messages_are_kept() {
      for (int i = 0; i <= Dialogue.UNACKNOWLEDGED_STANZAS; i++) {
        dialogue.time().pass(Duration.ofMillis(20));
        bob.says(chat("alice@example.org", "m" + i));
      }

      List<String> heard = alice.hearsRest();
      assertThat(heard.getLast()).isEqualTo(CLOSED);
      assertThat(heard.get(heard.size() - 2)).isEqualTo(error("resource-constraint"));
      assertThat(heard.stream().filter(R::equals)).hasSize(1);
      assertThat(bob.hearsRest()) // of those that the store does not take
          .hasSize(Dialogue.UNACKNOWLEDGED_STANZAS + 1 - Dialogue.OFFLINE_MESSAGES)
          .allMatch(answer -> answer.contains("service-unavailable"));
      assertThat(keptBodies(dialogue.bound("alice/next").says("<presence/>")))
          .containsExactly("m0", "m1", "m2", "m3"); // of those that it takes
    }

    @Test
    void silence_is_answered_by_a_question_instead_of_a_ping() {
      dialogue.time().pass(Dialogue.IDLE_TIMEOUT);
      alice.hearsRest();
      bob.hearsRest();
      alice.keepsAlive();
      bob.keepsAlive();
      dialogue.time().pass(Dialogue.IDLE_TIMEOUT);
      bob.keepsAlive();
      alice.hearsNothing();
      dialogue.time().pass(Dialogue.IDLE_TIMEOUT);

      alice.hears(R).hearsNothing();
    }
  }

  private static List<String> keptBodies(Device device) {
    return device.hearsRest().stream()
        .filter(stanza -> stanza.contains("<body>"))
        .map(stanza -> stanza.replaceAll(".*<body>(.*)</body>.*", "$1"))
        .toList();
  }

  @Nested
  class Resuming {

    private final Device alice = dialogue.available("alice/phone");
    private final String id = id(alice.says(ENABLE).hears());
    private final Device bob = dialogue.available("bob/laptop");

    Resuming() {
      dialogue.quiet();
    }

    private Device back(long h) {
      return dialogue.authenticated("alice").says(resume(id, h));
    }

    private Device heardTrusted(Device device) {
      device.hears("(trusted " + Dialogue.STANZA_BYTES + ")");
      return device;
    }

    @Test
    void section_5_what_was_not_handled_comes_again_in_order() {
      bob.says(chat("alice@example.org/phone", "m1"), chat("alice@example.org/phone", "m2"));
      alice.says(chat("bob@example.org", "to bob"));
      alice.disconnects();
      bob.says(chat("alice@example.org/phone", "m3"));

      heardTrusted(back(1)).hears(resumed(id, 1), fromBob("m2"), fromBob("m3")).hearsNothing();
    }

    @Test
    void section_5_counts_go_on() {
      alice.says(chat("bob@example.org", "1"));
      bob.says(chat("alice@example.org/phone", "m1"));
      alice.disconnects();

      Device next = back(1);
      next.hearsRest();
      next.says(chat("bob@example.org", "2"), R).hears(a(2));
      bob.says(chat("alice@example.org/phone", "m2"));
      next.says(a(2)).hears(fromBob("m2")).hearsNothing();
    }

    @Test
    void section_5_it_can_be_resumed_again_and_again() {
      Device next = alice;
      for (int i = 1; i <= 5; i++) {
        next.disconnects();
        bob.says(chat("alice@example.org/phone", "m" + i));
        next = heardTrusted(back(i - 1));
        next.hears(resumed(id, 0), fromBob("m" + i)).hearsNothing();
      }
    }

    @Test
    void others_do_not_notice() {
      Dialogue everyone = Dialogue.amongEveryone();
      Device carol = everyone.available("carol/phone");
      Device dave = everyone.available("dave/laptop");
      String session = id(carol.says(ENABLE).hearsRest().getLast());
      everyone.quiet();

      carol.disconnects();
      everyone.time().pass(Duration.ofSeconds(200));
      dave.keepsAlive();
      everyone.authenticated("carol").says(resume(session, 0));

      assertThat(dave.hearsRest()).noneMatch(stanza -> stanza.startsWith("<presence"));
    }

    @Test
    void section_5_a_connection_that_the_server_takes_for_alive_is_taken_over() {
      bob.says(chat("alice@example.org/phone", "m1"));
      alice.hearsRest();

      Device next = heardTrusted(back(0));

      next.hears(resumed(id, 0), fromBob("m1")).hearsNothing();
      alice.hears(a(0), error("conflict"), CLOSED).hearsNothing();
      alice.disconnects();
      alice.says(chat("bob@example.org", "late"));
      bob.hearsNothing();
      next.says(chat("bob@example.org", "still here"));
      assertThat(bob.hears()).contains("still here");
    }

    @Test
    void a_connection_on_a_busy_loop_is_taken_over_when_that_has_time() {
      bob.says(chat("alice@example.org/phone", "m1"));
      alice.isBusy();
      bob.says(chat("alice@example.org/phone", "m2"));

      Device next = back(1).hearsNothing();
      assertThat(next.isPaused()).isTrue();
      bob.says(chat("alice@example.org/phone", "m3"));
      alice.isIdleAgain();

      heardTrusted(next).hears(resumed(id, 0), fromBob("m2"), fromBob("m3")).hearsNothing();
      assertThat(next.isPaused()).isFalse();
    }

    @Test
    void a_claimant_that_is_gone_before_it_is_answered_leaves_the_session_waiting() {
      bob.says(chat("alice@example.org/phone", "m1"));
      alice.isBusy();
      back(0).disconnects();
      alice.isIdleAgain();

      heardTrusted(back(0)).hears(resumed(id, 0), fromBob("m1")).hearsNothing();
    }

    @Test
    void a_claimant_that_speaks_before_it_is_answered_is_refused_and_the_session_waits() {
      alice.isBusy();
      Device rash = back(0).says("<presence/>");
      rash.hears(error("policy-violation"), CLOSED);
      alice.isIdleAgain();

      assertThat(back(0).hearsRest()).contains(inOrder(resumed(id, 0)));
    }

    /** Attributes as a device hears them. */
    private static String inOrder(String xml) {
      return xml.replaceFirst("previd='([^']*)' h='([^']*)'", "h='$2' previd='$1'");
    }

    @Test
    void of_two_claimants_the_last_has_it() {
      Device first = back(0);
      Device second = back(0);

      assertThat(first.hearsRest()).contains(CLOSED);
      assertThat(second.hearsRest()).contains(inOrder(resumed(id, 0)));
    }

    @Test
    void section_5_an_unknown_session_fails_and_a_resource_can_be_bound() {
      Device next = dialogue.authenticated("alice").says(resume("nonsense", 7));

      next.hears(failed("item-not-found", "")).hearsNothing();
      assertThat(next.binds("tablet").hearsRest().getLast()).contains("type='result'");
    }

    @Test
    void somebody_elses_session_is_not_found() {
      Device mallory = dialogue.authenticated("mallory").says(resume(id, 0));

      mallory.hears(failed("item-not-found", "")).hearsNothing();
      alice.says(R).hears(a(0));
    }

    @Test
    void somebody_elses_ended_session_tells_nothing() {
      alice.says(chat("bob@example.org", "1")).leaves();

      dialogue
          .authenticated("mallory")
          .says(resume(id, 0))
          .hears(failed("item-not-found", ""))
          .hearsNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " h='x'", " h='-1'"})
    void a_resumption_without_a_count_fails_and_the_session_stays(String attribute) {
      alice.disconnects();
      Device next =
          dialogue
              .authenticated("alice")
              .says("<resume xmlns='urn:xmpp:sm:3' previd='" + id + "'" + attribute + "/>");

      next.hears(failed("bad-request", "")).hearsNothing();
      heardTrusted(next.says(resume(id, 0))).hears(resumed(id, 0));
    }

    @Test
    void section_6_a_resumption_that_counts_what_was_never_sent_ends_both() {
      bob.says(chat("alice@example.org", "m1"));
      alice.disconnects();
      bob.says(chat("alice@example.org", "m2")); // was not sent yet

      back(2).hears(tooHigh(2, 1), CLOSED).hearsNothing();

      back(1).hears(failed("item-not-found", " h='0'"));
      assertThat(keptBodies(dialogue.bound("alice/next").says("<presence/>")))
          .containsExactly("m1", "m2");
    }

    @Test
    void section_3_a_bound_stream_cannot_resume() {
      Device tablet = dialogue.bound("alice/tablet");

      tablet.says(resume(id, 0)).hears(UNEXPECTED).hearsNothing();
    }

    @Test
    void section_7_a_closed_stream_cannot_be_resumed() {
      alice.says(chat("bob@example.org", "1")).leaves();
      alice.hears(a(1), CLOSED);

      back(0).hears(failed("item-not-found", " h='1'")).hearsNothing();
    }

    @Test
    void a_stream_that_ended_with_an_error_cannot_be_resumed() {
      alice.says("<query/>").hears(a(0), error("unsupported-stanza-type"), CLOSED);

      back(0).hears(failed("item-not-found", " h='0'"));
    }

    @Test
    void a_silent_connection_is_lost_and_its_session_waits() {
      bob.says(chat("alice@example.org/phone", "m1"));
      for (int i = 0; i < 3; i++) {
        bob.keepsAlive();
        dialogue.time().pass(Dialogue.IDLE_TIMEOUT);
      }
      assertThat(alice.hearsRest()).endsWith(error("connection-timeout"), CLOSED);

      assertThat(back(0).hearsRest()).contains(inOrder(resumed(id, 0)));
    }

    @Test
    void a_session_waits_its_time_and_no_longer() {
      bob.says("<presence to='alice@example.org/phone'/>");
      alice.says("<presence to='bob@example.org/laptop'/>");
      dialogue.quiet();
      alice.disconnects();
      for (int i = 0; i < 4; i++) {
        dialogue.time().pass(Duration.ofSeconds(75).minusNanos(i == 3 ? 1 : 0));
        bob.says(R).hears(UNEXPECTED).hearsNothing();
      }

      dialogue.time().pass(Duration.ofNanos(1));

      bob.hears(
          "<presence type='unavailable' from='alice@example.org/phone'"
              + " to='bob@example.org/laptop'/>");
      back(0).hears(failed("item-not-found", " h='1'")).hearsNothing();
      assertThat(dialogue.counters().failedResumptions.sum()).isEqualTo(1);
    }

    @Test
    void a_connection_that_came_back_ends_the_wait() {
      alice.disconnects();
      dialogue.time().pass(Duration.ofSeconds(200));
      Device next = back(0);
      for (int i = 0; i < 4; i++) {
        next.keepsAlive();
        dialogue.time().pass(Duration.ofSeconds(100));
      }

      next.hearsRest();
      next.says(R).hears(a(0));
    }

    @Test
    void a_wait_that_people_notice_is_stamped_on_messages_but_not_on_requests() {
      alice.disconnects();
      bob.says(
          chat("alice@example.org/phone", "m1"),
          "<iq type='get' id='q' to='alice@example.org/phone'><x xmlns='urn:x'/></iq>");
      dialogue.time().pass(Duration.ofSeconds(60));
      bob.says(chat("alice@example.org/phone", "m2"));

      heardTrusted(back(0))
          .hears(
              resumed(id, 0),
              fromBob("alice@example.org/phone", "m1", delay("2026-03-01T10:00:00Z")),
              "<iq type='get' id='q' from='bob@example.org/laptop' to='alice@example.org/phone'>"
                  + "<x xmlns='urn:x'/></iq>",
              fromBob("m2"));
    }

    @Test
    void a_stamp_in_the_servers_name_is_not_taken_from_a_client() {
      bob.says(
          "<message type='chat' to='alice@example.org/phone'><body>m</body>"
              + delay("2001-01-01T00:00:00Z")
              + "</message>");

      alice.hears(fromBob("m"));
    }

    @Test
    void while_it_waits_a_session_that_gets_too_much_ends_and_keeps_what_it_can() {
      alice.disconnects();
      for (int i = 0; i <= Dialogue.UNACKNOWLEDGED_STANZAS; i++) {
        dialogue.time().pass(Duration.ofMillis(20));
        bob.says(chat("alice@example.org", "m" + i));
      }

      back(0).hears(failed("item-not-found", " h='0'"));
      assertThat(keptBodies(dialogue.bound("alice/next").says("<presence/>")))
          .containsExactly("m0", "m1", "m2", "m3");
    }

    @Test
    void a_client_that_binds_anew_gets_what_it_did_not_acknowledge() {
      bob.says(chat("alice@example.org", "m1"));
      alice.disconnects();
      bob.says(chat("alice@example.org/phone", "m2"));

      Device next = dialogue.authenticated("alice").binds("phone").says("<presence/>");

      assertThat(keptBodies(next)).containsExactly("m1", "m2");
      back(0).hears(failed("item-not-found", " h='0'"));
    }

    @Test
    void draining_keeps_what_was_not_acknowledged_and_ends_the_session() {
      bob.says(chat("alice@example.org", "m1"), chat("alice@example.org/phone", "m2"));
      alice.says(a(1)).hearsRest();
      dialogue.available("alice/tablet");

      dialogue.stops();

      alice.hears(a(0), error("system-shutdown"), CLOSED);
      assertThat(dialogue.kept("alice")).singleElement().asString().contains("m2");
    }

    @Test
    void draining_ends_sessions_that_wait() {
      bob.says(chat("alice@example.org", "m1"));
      alice.disconnects();

      dialogue.stops();

      assertThat(dialogue.kept("alice")).singleElement().asString().contains("m1");
      back(0).hears(failed("item-not-found", " h='0'"));
    }
  }
}
