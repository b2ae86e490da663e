package dev.sotto.signalling.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.SignallingSettings.Contacts;
import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import dev.sotto.signalling.xml.Element;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XEP-0353: calls are proposed to all devices of a user and answered by one. */
final class CallSetUpTest {

  private static final String DELAY =
      "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='2026-03-01T10:00:00Z'/>";

  private final Dialogue dialogue = Dialogue.amongStrangers();

  private static String action(String action, String id) {
    return "<" + action + " xmlns='urn:xmpp:jingle-message:0' id='" + id + "'/>";
  }

  private static String to(String to, String children) {
    return "<message type='chat' to='" + to + "'>" + children + "</message>";
  }

  private static String fromTo(String from, String to, String children) {
    return "<message from='" + from + "' type='chat' to='" + to + "'>" + children + "</message>";
  }

  private static List<String> messages(Device device) {
    return device.hearsRest().stream().filter(stanza -> stanza.startsWith("<message")).toList();
  }

  @Nested
  class WithBobAtTwoDevices {

    private final Device alice = dialogue.withCarbons("alice/phone");
    private final Device laptop = dialogue.withCarbons("bob/laptop");
    private final Device tablet = dialogue.withCarbons("bob/tablet");

    WithBobAtTwoDevices() {
      alice.says(to("bob@example.org", action("propose", "c1")));
    }

    @Test
    void aProposalRingsOnAll() {
      String propose =
          fromTo("alice@example.org/phone", "bob@example.org", action("propose", "c1"));

      assertThat(messages(laptop)).hasSize(1);
      dialogue.quiet();
      alice.says(to("bob@example.org", action("propose", "c1")));
      laptop.hears(propose).hearsNothing();
      tablet.hears(propose).hearsNothing();
      assertThat(dialogue.router().callsProposed()).isEqualTo(2);
    }

    /** Version 0.6: accept to the own bare JID, proceed to the caller's bare JID. */
    @Test
    void anAnswerToBareJidsStopsTheOtherDeviceAndReachesTheCaller() {
      dialogue.quiet();
      String accept = action("accept", "c1");
      String proceed = action("proceed", "c1");

      laptop.says(to("bob@example.org", accept), to("alice@example.org", proceed));

      String accepted = fromTo("bob@example.org/laptop", "bob@example.org", accept);
      assertThat(messages(tablet).getFirst()).contains("<accept").doesNotContain("forwarded");
      alice.hears(fromTo("bob@example.org/laptop", "alice@example.org", proceed)).hearsNothing();
      laptop.hears(accepted).hearsNothing();
    }

    /** Version 0.8: proceed to the caller's full JID; the other device learns by its copy. */
    @Test
    void anAnswerToTheFullJidStopsTheOtherDeviceByACopy() {
      dialogue.quiet();
      String proceed = action("proceed", "c1");

      laptop.says(to("alice@example.org/phone", proceed)).hearsNothing();

      alice
          .hears(fromTo("bob@example.org/laptop", "alice@example.org/phone", proceed))
          .hearsNothing();
      assertThat(messages(tablet))
          .singleElement()
          .asString()
          .contains("<sent xmlns='urn:xmpp:carbons:2'>", "<proceed", "from='bob@example.org' ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ringing", "reject", "finish"})
    void otherAnswersReachTheCallerAndTheOtherDevice(String name) {
      dialogue.quiet();

      laptop.says(to("alice@example.org/phone", action(name, "c1")));

      assertThat(messages(alice)).singleElement().asString().contains("<" + name);
      assertThat(messages(tablet)).singleElement().asString().contains("<" + name);
    }

    @Test
    void aRetractionReachesAll() {
      dialogue.quiet();

      alice.says(to("bob@example.org", action("retract", "c1")));

      assertThat(messages(laptop)).singleElement().asString().contains("<retract");
      assertThat(messages(tablet)).singleElement().asString().contains("<retract");
    }
  }

  @Nested
  class WithBobAway {

    private final Device alice = dialogue.bound("alice/phone");

    WithBobAway() {
      dialogue.bound("bob/laptop").disconnects();
    }

    @Test
    void theCallIsKeptInOrderAndDeliveredOnce() {
      for (String name : List.of("propose", "retract", "reject", "finish")) {
        alice.says(to("bob@example.org", action(name, "c1"))).hearsNothing();
      }

      Device next = dialogue.bound("bob/next").says("<presence/>");

      assertThat(next.hears()).startsWith("<presence");
      for (String name : List.of("propose", "retract", "reject", "finish")) {
        next.hears(
            fromTo("alice@example.org/phone", "bob@example.org", action(name, "c1") + DELAY));
      }
      next.hearsNothing();
      next.says("<presence/>", "<presence type='unavailable'/>", "<presence/>");
      assertThat(messages(next)).isEmpty();
      assertThat(messages(dialogue.bound("bob/other").says("<presence/>"))).isEmpty();
    }

    @Test
    void whatIsKeptWaitsForADeviceThatTakesMessages() {
      alice.says(to("bob@example.org", action("propose", "c1")));
      Device next = dialogue.bound("bob/next");

      next.says("<presence><priority>-1</priority></presence>");
      assertThat(messages(next)).isEmpty();

      next.says("<presence><priority>0</priority></presence>");
      assertThat(messages(next)).hasSize(1);
    }

    /** RFC 6121 section 8.5.3.2.1: chat, which call set-up must be, goes on to the account. */
    @Test
    void aCallToADeviceThatIsGoneIsKeptForTheNext() {
      alice.says(to("bob@example.org/laptop", action("propose", "c1"))).hearsNothing();

      Device next = dialogue.bound("bob/next").says("<presence/>");

      assertThat(messages(next)).hasSize(1);
    }

    /** The same section: normal ends there, and its sender learns that the device is gone. */
    @ParameterizedTest
    @ValueSource(strings = {"", "type='normal'", "type='call'"})
    void aCallOfAnotherTypeToADeviceThatIsGoneIsRefused(String type) {
      alice.says(
          "<message to='bob@example.org/laptop' "
              + type
              + ">"
              + action("propose", "c1")
              + "</message>");

      assertThat(alice.hears()).contains("type='error'", "<service-unavailable");
      assertThat(messages(dialogue.bound("bob/next").says("<presence/>"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "<ringing xmlns='urn:xmpp:jingle-message:0' id='c1'/>",
          "<proceed xmlns='urn:xmpp:jingle-message:0' id='c1'/>",
          "<propose xmlns='urn:xmpp:jingle-message:0' id='c1'/><no-store xmlns='urn:xmpp:hints'/>",
          "<body>psst</body><no-permanent-store xmlns='urn:xmpp:hints'/>",
          "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
        })
    void whatMeansNothingLaterIsRefused(String children) {
      alice
          .says(to("bob@example.org", children))
          .hears(
              "<message type='error' from='bob@example.org' to='alice@example.org/phone'>"
                  + "<error type='cancel'><service-unavailable"
                  + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");

      assertThat(messages(dialogue.bound("bob/next").says("<presence/>"))).isEmpty();
    }

    @Test
    void aHintToStoreKeepsWhatElseWouldNotBe() {
      alice
          .says(to("bob@example.org", "<x xmlns='urn:example'/><store xmlns='urn:xmpp:hints'/>"))
          .hearsNothing();

      assertThat(messages(dialogue.bound("bob/next").says("<presence/>"))).hasSize(1);
    }

    @Test
    void moreThanTheBoundIsRefusedAndTheRestStays() {
      for (int i = 0; i < Dialogue.OFFLINE_MESSAGES; i++) {
        alice.says(to("bob@example.org", action("propose", "c" + i))).hearsNothing();
      }

      alice.says(to("bob@example.org", action("propose", "more")));

      assertThat(alice.hears()).contains("type='error'", "<service-unavailable");
      assertThat(messages(dialogue.bound("bob/next").says("<presence/>")))
          .hasSize(Dialogue.OFFLINE_MESSAGES)
          .noneMatch(message -> message.contains("more"));
    }

    @Test
    void theBoundOfOneUserIsNotAnothers() {
      dialogue.bound("carol/laptop").disconnects();
      for (int i = 0; i < Dialogue.OFFLINE_MESSAGES; i++) {
        alice.says(to("bob@example.org", action("propose", "c" + i)));
      }

      alice.says(to("carol@example.org", action("propose", "c"))).hearsNothing();
    }
  }

  /** Comes between the router's look at the directory and the keeping. */
  private static final class Interruption implements OfflineStore {

    private final OfflineStore store = new InMemoryOfflineStore(Dialogue.OFFLINE_MESSAGES);
    private Runnable beforeKeeping = () -> {};
    private Runnable afterKeeping = () -> {};

    @Override
    public boolean keep(String user, Element message) {
      beforeKeeping.run();
      boolean kept = store.keep(user, message);
      afterKeeping.run();
      return kept;
    }

    @Override
    public List<Element> takeAll(String user) {
      return store.takeAll(user);
    }
  }

  @Nested
  class WhenADeviceComesWhileACallIsKept {

    private final Interruption interruption = new Interruption();
    private final Dialogue racing = new Dialogue(Contacts.NOBODY, interruption);
    private final Device alice = racing.bound("alice/phone");
    private final Device bob = racing.bound("bob/laptop");

    @Test
    void aDeviceThatLookedTooEarlyStillGetsIt() {
      interruption.beforeKeeping = () -> bob.says("<presence/>");

      alice.says(to("bob@example.org", action("propose", "c1"))).hearsNothing();

      assertThat(messages(bob)).hasSize(1);
    }

    @Test
    void aDeviceThatTookItInTimeGetsItOnce() {
      interruption.afterKeeping = () -> bob.says("<presence/>");

      alice.says(to("bob@example.org", action("propose", "c1"))).hearsNothing();

      assertThat(messages(bob)).hasSize(1);
    }
  }
}
