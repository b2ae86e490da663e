package dev.sotto.signalling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0352: what a phone in a pocket is spared, and what it is not. */
final class ClientStateTest {

  private static final String INACTIVE = "<inactive xmlns='urn:xmpp:csi:0'/>";
  private static final String ACTIVE = "<active xmlns='urn:xmpp:csi:0'/>";
  private static final String TO = "alice@example.org/phone";

  private final Dialogue dialogue = Dialogue.amongEveryone();
  private final Device alice = dialogue.available("alice/phone");
  private final Device bob = dialogue.available("bob/laptop");
  private final Device carol = dialogue.available("carol/laptop");

  ClientStateTest() {
    alice.says(INACTIVE);
    dialogue.quiet();
  }

  private static String show(String show) {
    return "<presence><show>" + show + "</show></presence>";
  }

  private static String shown(String from, String show) {
    return "<presence from='"
        + from
        + "@example.org/laptop' to='"
        + TO
        + "'><show>"
        + show
        + "</show></presence>";
  }

  private static String message(String children) {
    return "<message type='chat' to='" + TO + "'>" + children + "</message>";
  }

  private static String heard(String from, String children) {
    return "<message type='chat' from='"
        + from
        + "@example.org/laptop' to='"
        + TO
        + "'>"
        + children
        + "</message>";
  }

  private static String state(String name) {
    return "<" + name + " xmlns='http://jabber.org/protocol/chatstates'/>";
  }

  @Test
  void of_each_sender_the_latest_presence_waits_until_the_client_is_active() {
    bob.says(show("away"));
    carol.says(show("dnd"));
    bob.says(show("xa"));
    alice.hearsNothing();

    alice.says(ACTIVE);

    alice.hears(shown("carol", "dnd"), shown("bob", "xa")).hearsNothing();
  }

  @Test
  void a_farewell_waits_as_well() {
    bob.says(show("away"), "<presence type='unavailable'/>");
    alice.hearsNothing();

    alice.says(ACTIVE);

    alice
        .hears("<presence type='unavailable' from='bob@example.org/laptop' to='" + TO + "'/>")
        .hearsNothing();
  }

  @Test
  void of_each_sender_the_latest_chat_state_waits() {
    bob.says(message(state("composing")), message(state("paused")));
    carol.says(message(state("composing") + "<no-store xmlns='urn:xmpp:hints'/>"));
    alice.hearsNothing();

    alice.says(ACTIVE);

    alice
        .hears(
            heard("bob", state("paused")),
            heard("carol", state("composing") + "<no-store xmlns='urn:xmpp:hints'/>"))
        .hearsNothing();
  }

  @Test
  void a_copy_of_a_chat_state_waits() {
    alice.says(ACTIVE, "<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
    Device tablet = dialogue.available("alice/tablet");
    alice.says(INACTIVE);
    dialogue.quiet();

    tablet.says(
        "<message type='chat' to='bob@example.org'>" + state("composing") + "</message>",
        "<message type='chat' to='carol@example.org'>" + state("active") + "</message>");
    alice.hearsNothing();
    alice.says(ACTIVE);

    assertThat(alice.hearsRest()).hasSize(2).allMatch(copy -> copy.contains("urn:xmpp:carbons:2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<body>hi</body>",
        "<body>hi</body><active xmlns='http://jabber.org/protocol/chatstates'/>",
        "<propose xmlns='urn:xmpp:jingle-message:0' id='c'/>",
        "<retract xmlns='urn:xmpp:jingle-message:0' id='c'/>",
        "<ringing xmlns='urn:xmpp:jingle-message:0' id='c'/>",
        "<received xmlns='urn:xmpp:receipts' id='m'/>"
      })
  void what_belongs_to_a_call_or_a_conversation_comes_at_once(String children) {
    bob.says(message(children));

    alice.hears(heard("bob", children)).hearsNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"set", "get", "result", "error"})
  void jingle_and_every_other_iq_comes_at_once(String type) {
    String iq =
        "<iq type='"
            + type
            + "' id='j' to='"
            + TO
            + "'%s>"
            + "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='c'/></iq>";
    bob.says(iq.formatted(""));

    alice.hears(iq.formatted(" from='bob@example.org/laptop'")).hearsNothing();
  }

  @Test
  void what_waits_goes_along_with_the_next_important_stanza_in_order() {
    bob.says(show("away"), message(state("composing")));
    bob.says(message("<body>hi</body>"));

    alice
        .hears(
            shown("bob", "away"), heard("bob", state("composing")), heard("bob", "<body>hi</body>"))
        .hearsNothing();
    carol.says(show("away"));
    alice.hearsNothing();
  }

  @Test
  void section_5_1_what_waits_comes_before_the_answer_to_a_later_request() {
    bob.says(show("away"));

    alice.says(ACTIVE, "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");

    alice.hears(shown("bob", "away"), "<iq type='result' id='p' to='" + TO + "'/>").hearsNothing();
  }

  @Test
  void nobody_learns_of_it() {
    alice.says(ACTIVE, INACTIVE);

    bob.hearsNothing();
    carol.hearsNothing();
  }

  @Test
  void section_5_2_a_resumed_stream_is_active_and_nothing_that_waited_is_lost() {
    alice.says("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    String id = alice.hears().replaceAll(".* id='([^']+)'.*", "$1");
    bob.says(show("away"));
    alice.disconnects();
    carol.says(show("dnd"));

    Device next =
        dialogue
            .authenticated("alice")
            .says("<resume xmlns='urn:xmpp:sm:3' h='0' previd='" + id + "'/>");

    List<String> heard = next.hearsRest();
    assertThat(heard).hasSize(4);
    assertThat(heard.subList(2, 4)).containsExactly(shown("bob", "away"), shown("carol", "dnd"));
    bob.says(show("chat"));
    next.hears(shown("bob", "chat"));
  }

  @Test
  void an_unknown_state_ends_the_stream() {
    assertThat(alice.says("<asleep xmlns='urn:xmpp:csi:0'/>").hears())
        .contains("unsupported-stanza-type");
  }
}
