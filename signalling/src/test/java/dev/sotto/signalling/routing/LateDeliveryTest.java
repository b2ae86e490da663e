package dev.sotto.signalling.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0198 section 4: what becomes of stanzas whose device never comes back for them. */
final class LateDeliveryTest {

  private static final String ENABLE = "<enable xmlns='urn:xmpp:sm:3' resume='true'/>";
  private static final String DELAY =
      "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='2026-03-01T10:00:00Z'/>";

  private final Dialogue dialogue = Dialogue.amongStrangers();
  private final Device bob = dialogue.available("bob/laptop");

  private Device managed(String userAndResource) {
    Device device = dialogue.available(userAndResource).says(ENABLE);
    dialogue.quiet();
    return device;
  }

  private void itsTimeIsOver() {
    for (int i = 0; i < 4; i++) {
      bob.keepsAlive(); // without which Bob's own connection would be taken for lost
      dialogue.time().pass(Dialogue.RESUMPTION_TIME.dividedBy(4));
    }
  }

  private static String to(String to, String children) {
    return "<message type='chat' to='" + to + "'>" + children + "</message>";
  }

  private static String jmi(String action) {
    return "<" + action + " xmlns='urn:xmpp:jingle-message:0' id='c1'/>";
  }

  private static String heard(String to, String children) {
    return "<message type='chat' from='bob@example.org/laptop' to='"
        + to
        + "'>"
        + children
        + "</message>";
  }

  private static List<String> messages(Device device) {
    return device.hearsRest().stream().filter(stanza -> stanza.startsWith("<message")).toList();
  }

  @Test
  void a_message_is_kept_with_the_time_at_which_it_came() {
    Device alice = managed("alice/phone");
    alice.disconnects();
    bob.says(to("alice@example.org", "<body>hi</body>")).hearsNothing();

    itsTimeIsOver();

    Device next = dialogue.bound("alice/next").says("<presence/>");
    next.hears();
    next.hears(heard("alice@example.org", "<body>hi</body>" + DELAY)).hearsNothing();
  }

  /** The stamp is what clients tell a ghost by, as of every call that is kept. */
  @Test
  void a_call_that_nobody_heard_comes_with_its_time_and_with_its_end() {
    Device alice = managed("alice/phone");
    alice.disconnects();
    bob.says(to("alice@example.org", jmi("propose")));
    dialogue.time().pass(Duration.ofSeconds(60));
    bob.says(to("alice@example.org", jmi("retract")));

    itsTimeIsOver();

    Device next = dialogue.bound("alice/next").says("<presence/>");
    next.hears();
    next.hears(
            heard("alice@example.org", jmi("propose") + DELAY),
            heard("alice@example.org", jmi("retract") + DELAY.replace("10:00:00", "10:01:00")))
        .hearsNothing();
  }

  @Test
  void a_device_that_came_later_gets_it() {
    Device phone = managed("alice/phone");
    phone.disconnects();
    bob.says(to("alice@example.org", "<body>hi</body>"));
    Device tablet = dialogue.available("alice/tablet");

    itsTimeIsOver();
    tablet.keepsAlive();

    assertThat(messages(tablet)).containsExactly(late());
  }

  private static String late() {
    return "<message from='bob@example.org/laptop' to='alice@example.org' type='chat'>"
        + "<body>hi</body>"
        + "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='2026-03-01T10:00:00Z'/>"
        + "</message>";
  }

  @Test
  void a_device_that_has_it_does_not_get_it_again() {
    Device tablet = dialogue.available("alice/tablet");
    Device phone = managed("alice/phone");
    phone.disconnects();
    bob.says(to("alice@example.org", "<body>hi</body>"));
    assertThat(messages(tablet)).hasSize(1);

    itsTimeIsOver();

    assertThat(messages(tablet)).isEmpty();
    assertThat(dialogue.kept("alice")).isEmpty();
  }

  @Test
  void a_device_that_has_a_copy_does_not_get_it_again() {
    Device tablet = dialogue.withCarbons("alice/tablet");
    Device phone = managed("alice/phone");
    phone.disconnects();
    bob.says(to("alice@example.org/phone", "<body>hi</body>"));
    assertThat(messages(tablet)).singleElement().asString().contains("<received");

    itsTimeIsOver();

    assertThat(messages(tablet)).isEmpty();
    assertThat(dialogue.kept("alice")).isEmpty();
  }

  @Test
  void the_last_of_several_devices_to_be_given_up_has_it_kept_once() {
    Device phone = managed("alice/phone");
    Device tablet = managed("alice/tablet");
    bob.says(to("alice@example.org", "<body>hi</body>"));

    phone.leaves();
    assertThat(dialogue.kept("alice")).isEmpty();
    tablet.leaves();

    assertThat(dialogue.kept("alice")).hasSize(1);
  }

  @Test
  void what_was_kept_before_and_not_acknowledged_is_kept_again_with_its_first_stamp() {
    dialogue.bound("alice/phone").leaves();
    bob.says(to("alice@example.org", "<body>hi</body>"));
    Device phone = dialogue.bound("alice/phone").says(ENABLE, "<presence/>");
    assertThat(messages(phone)).hasSize(1);
    dialogue.time().pass(Duration.ofSeconds(30));

    phone.leaves();

    assertThat(dialogue.kept("alice")).singleElement().isEqualTo(late());
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat", "normal"})
  void a_message_to_a_device_that_is_given_up_goes_to_the_account(String type) {
    Device phone = managed("alice/phone");
    bob.says("<message type='" + type + "' to='alice@example.org/phone'><body>hi</body></message>");

    phone.leaves();

    bob.hearsNothing();
    assertThat(dialogue.kept("alice")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<ringing xmlns='urn:xmpp:jingle-message:0' id='c1'/>",
        "<proceed xmlns='urn:xmpp:jingle-message:0' id='c1'/>",
        "<body>psst</body><no-store xmlns='urn:xmpp:hints'/>"
      })
  void of_what_means_nothing_later_its_sender_is_told(String children) {
    Device phone = managed("alice/phone");
    bob.says(to("alice@example.org/phone", children));

    phone.leaves();

    assertThat(bob.hears()).contains("type='error'", "<service-unavailable");
    assertThat(dialogue.kept("alice")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type='headline'><body>hi</body>",
        "type='error'><body>hi</body>",
        "type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/>"
      })
  void what_nobody_waits_for_ends_with_the_device(String rest) {
    Device phone = managed("alice/phone");
    bob.says("<message to='alice@example.org/phone' " + rest + "</message>");

    phone.leaves();

    bob.hearsNothing();
    assertThat(dialogue.kept("alice")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "set"})
  void a_request_is_answered_for_the_device_that_is_gone(String type) {
    Device phone = managed("alice/phone");
    phone.disconnects();
    bob.says("<iq type='" + type + "' id='q' to='alice@example.org/phone'><x xmlns='urn:x'/></iq>")
        .hearsNothing();

    itsTimeIsOver();

    bob.hears(
        "<iq type='error' id='q' from='alice@example.org/phone' to='bob@example.org/laptop'>"
            + "<error type='wait'><recipient-unavailable"
            + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"result", "error"})
  void an_answer_is_not_answered(String type) {
    Device phone = managed("alice/phone");
    bob.says("<iq type='" + type + "' id='q' to='alice@example.org/phone'/>");

    phone.leaves();

    bob.hearsNothing();
  }

  @Test
  void what_comes_for_a_device_that_ends_at_this_moment_is_not_lost() {
    Device phone = managed("alice/phone");
    phone.isBusy(); // so that the message is on its way when the device goes
    bob.says(to("alice@example.org", "<body>hi</body>"));
    phone.leaves();
    assertThat(dialogue.kept("alice")).isEmpty();

    phone.isIdleAgain();

    assertThat(dialogue.kept("alice")).hasSize(1);
  }

  @Test
  void without_acknowledgements_what_was_written_counts_as_delivered() {
    Device phone = dialogue.available("alice/phone");
    bob.says(to("alice@example.org", "<body>hi</body>"));

    phone.disconnects();

    assertThat(dialogue.kept("alice")).isEmpty();
  }

  @Test
  void devices_that_wait_make_room_for_new_ones_the_longest_lost_first() {
    for (int i = 0; i < Dialogue.DEVICES_PER_USER; i++) {
      managed("alice/d" + i).disconnects();
    }
    bob.says(
        to("alice@example.org/d0", "<body>first</body>"),
        to("alice@example.org/d1", "<body>second</body>"));

    Device next = dialogue.authenticated("alice").binds("next");

    assertThat(next.hearsRest().getLast()).contains("type='result'");
    String ask = "<iq type='get' id='q' to='alice@example.org/%s'><x xmlns='urn:x'/></iq>";
    bob.says(ask.formatted("d1")).hearsNothing();
    assertThat(bob.says(ask.formatted("d0")).hears()).contains("<service-unavailable");
    itsTimeIsOver();
    assertThat(dialogue.kept("alice"))
        .hasSize(2)
        .anyMatch(message -> message.contains("first"))
        .anyMatch(message -> message.contains("second"));
  }
}
