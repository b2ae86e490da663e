package dev.sotto.signalling.service;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6121 section 2: the contact list that the server keeps. */
final class RosterTest {

  private static final String GET = "<iq id='1' type='get'><query xmlns='jabber:iq:roster'/></iq>";

  private static String roster(String items) {
    return "<iq id='1' type='result' to='alice@example.org/phone'>"
        + "<query xmlns='jabber:iq:roster'>"
        + items
        + "</query></iq>";
  }

  private static String contact(String user) {
    return "<item jid='" + user + "@example.org' subscription='both'/>";
  }

  @Test
  void amongEveryoneItHoldsAllOthersPresentOrNot() {
    Dialogue dialogue = Dialogue.amongEveryone();
    dialogue.bound("bob/laptop").disconnects();

    dialogue.bound("alice/phone").says(GET).hears(roster(contact("bob"))).hearsNothing();
  }

  @Test
  void amongStrangersItIsEmpty() {
    Dialogue dialogue = Dialogue.amongStrangers();
    dialogue.available("bob/laptop");

    dialogue.bound("alice/phone").says(GET).hears(roster("")).hearsNothing();
  }

  @Test
  void aNewUserIsPushedToDevicesThatAsked() {
    Dialogue dialogue = Dialogue.amongEveryone();
    Device alice = dialogue.bound("alice/phone").says(GET);
    Device other = dialogue.bound("alice/desk");
    alice.hearsRest();

    dialogue.authenticated("bob").binds("laptop");

    // RFC 6121 section 2.1.6: without from, as it comes from the own account.
    String push =
        "<iq type='set' id='roster-bob' to='alice@example.org/phone'>"
            + "<query xmlns='jabber:iq:roster'>"
            + contact("bob")
            + "</query></iq>";
    // authenticated() quietens all before the binding that announces Bob.
    alice.hears(push).hearsNothing();
    other.hearsNothing();
  }

  @Test
  void aKnownUserIsNotPushedAgain() {
    Dialogue dialogue = Dialogue.amongEveryone();
    dialogue.bound("bob/laptop").disconnects();
    Device alice = dialogue.bound("alice/phone").says(GET);
    alice.hearsRest();

    dialogue.authenticated("bob").binds("laptop");

    alice.hearsNothing();
  }

  @Test
  void amongStrangersNobodyIsPushed() {
    Dialogue dialogue = Dialogue.amongStrangers();
    Device alice = dialogue.bound("alice/phone").says(GET);
    alice.hearsRest();

    dialogue.authenticated("bob").binds("laptop");

    alice.hearsNothing();
  }

  private static String error(String type, String condition) {
    return "<iq id='1' type='error' to='alice@example.org/phone'><error type='"
        + type
        + "'><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<item jid='eve@example.org'/>",
        "<item jid='bob@example.org' subscription='remove'/>"
      })
  void itCannotBeChanged(String items) {
    Dialogue dialogue = Dialogue.amongEveryone();
    dialogue.bound("bob/laptop");

    dialogue
        .bound("alice/phone")
        .says("<iq id='1' type='set'><query xmlns='jabber:iq:roster'>" + items + "</query></iq>")
        .hears(error("cancel", "not-allowed"));
  }

  /** RFC 6121 sections 2.1.5 and 2.3.3: one item, no more and no less. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<item jid='bob@example.org'/><item jid='eve@example.org'/>",
        "<item jid='bob@example.org'/><item xmlns='urn:example'/>",
        "<item xmlns='urn:example'/>"
      })
  void aChangeOfOtherThanOneItemIsBad(String items) {
    Dialogue.amongEveryone()
        .bound("alice/phone")
        .says("<iq id='1' type='set'><query xmlns='jabber:iq:roster'>" + items + "</query></iq>")
        .hears(error("modify", "bad-request"));
  }

  /** RFC 6121 section 2.1.3. */
  @Test
  void aQuestionWithAnItemIsBad() {
    Dialogue.amongEveryone()
        .bound("alice/phone")
        .says(
            "<iq id='1' type='get'><query xmlns='jabber:iq:roster'><item jid='bob@example.org'/>"
                + "</query></iq>")
        .hears(error("modify", "bad-request"));
  }

  @Test
  void theServerItselfHasNone() {
    Dialogue dialogue = Dialogue.amongEveryone();

    dialogue
        .bound("alice/phone")
        .says("<iq id='1' type='get' to='example.org'><query xmlns='jabber:iq:roster'/></iq>")
        .hears(
            "<iq id='1' type='error' from='example.org' to='alice@example.org/phone'>"
                + "<error type='cancel'><service-unavailable"
                + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
  }
}
