package dev.sotto.signalling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6120 section 7: a resource for the stream. */
final class StreamBindingTest {

  private static final String CLOSED = "</stream:stream>";
  private static final String TRUSTED = "(trusted " + Dialogue.STANZA_BYTES + ")";

  private final Dialogue dialogue = Dialogue.amongEveryone();

  private static String error(String condition) {
    return "<stream:error><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
  }

  private static String refused(String type, String condition) {
    return "<iq type='error' id='bind'><error type='"
        + type
        + "'><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
  }

  private static String bound(String jid) {
    return "<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>"
        + jid
        + "</jid></bind></iq>";
  }

  @Test
  void theRequestedResourceIsBound() {
    dialogue
        .authenticated("alice")
        .binds("phone")
        .hears(TRUSTED, bound("alice@example.org/phone"))
        .hearsNothing();
  }

  @Test
  void theUserNameIsEscapedInTheJid() {
    dialogue
        .authenticated("a.b@mail.test")
        .binds("phone")
        .hears(TRUSTED, bound("a.b\\40mail.test@example.org/phone"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<resource/>"})
  void withoutARequestOneIsMade(String resource) {
    String bind =
        "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
            + resource
            + "</bind></iq>";
    Device one = dialogue.authenticated("alice").says(bind).hears(TRUSTED);
    String first = one.hears();
    Device other = dialogue.authenticated("alice").says(bind).hears(TRUSTED);

    assertThat(first).contains("<jid>alice@example.org/");
    assertThat(other.hears()).contains("<jid>alice@example.org/").isNotEqualTo(first);
    one.hearsNothing();
  }

  @Test
  void anInvalidResourceIsRefusedAndMayBeFollowedByAValidOne() {
    dialogue
        .authenticated("alice")
        .binds("bell&#9;")
        .hears(refused("modify", "bad-request"))
        .binds("phone")
        .hears(TRUSTED, bound("alice@example.org/phone"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<message to='bob@example.org'/>",
        "<presence/>",
        "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq type='get' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
        "<iq type='set' id='1'><bind xmlns='urn:example'/></iq>",
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>"
      })
  void anythingElseBeforeBindingIsNotAuthorized(String element) {
    dialogue.authenticated("alice").says(element).hears(error("not-authorized"), CLOSED);
  }

  @Test
  void whoDoesNotGetToBindingWithSixteenElementsIsCutOff() {
    // One of the sixteen was <auth/>.
    Device device = dialogue.authenticated("alice");
    for (int i = 0; i < 15; i++) {
      device.binds("bell&#9;").hears(refused("modify", "bad-request"));
    }

    device.binds("bell&#9;").hears(error("policy-violation"), CLOSED);
  }

  @Test
  void oneDeviceTooManyIsRefused() {
    for (int i = 0; i < Dialogue.DEVICES_PER_USER; i++) {
      dialogue.bound("alice/" + i);
    }

    dialogue
        .authenticated("alice")
        .binds("more")
        .hears(refused("wait", "resource-constraint"))
        .hearsNothing();
  }

  @Test
  void aDeviceThatLeavesMakesRoom() {
    Device first = dialogue.bound("alice/0");
    for (int i = 1; i < Dialogue.DEVICES_PER_USER; i++) {
      dialogue.bound("alice/" + i);
    }
    Device next = dialogue.authenticated("alice");
    first.leaves();

    next.binds("more").hears(TRUSTED, bound("alice@example.org/more"));
  }

  @Test
  void whoBindsWhenTheServerGoesDownIsToldSo() {
    Device late = dialogue.authenticated("alice");
    dialogue.drains();

    late.binds("phone").hears(error("system-shutdown"), CLOSED).hearsNothing();
  }

  @Test
  void aTakenResourceEndsTheConnectionThatHadIt() {
    Device old = dialogue.bound("alice/phone");
    for (int i = 1; i < Dialogue.DEVICES_PER_USER; i++) {
      dialogue.bound("alice/" + i);
    }

    dialogue.authenticated("alice").binds("phone").hears(TRUSTED, bound("alice@example.org/phone"));

    old.hears(error("conflict"), CLOSED).hearsNothing();
  }

  @Test
  void theSuccessorOfATakenResourceStaysReachable() {
    dialogue.bound("alice/phone");
    Device successor = dialogue.bound("alice/phone");

    dialogue
        .bound("bob/laptop")
        .says("<message id='1' to='alice@example.org/phone' type='chat'><body>hi</body></message>")
        .hearsNothing();

    successor.hears(
        "<message id='1' from='bob@example.org/laptop' to='alice@example.org/phone'"
            + " type='chat'><body>hi</body></message>");
  }

  /** The old connection may live on another loop, which hears of the conflict later. */
  @Test
  void presenceOfTheOldConnectionEndsBeforeThatOfItsSuccessorBegins() {
    Device bob = dialogue.available("bob/laptop");
    Device old = dialogue.available("alice/phone");
    Device successor = dialogue.authenticated("alice");
    dialogue.quiet();
    old.isBusy();

    successor.binds("phone").says("<presence><show>away</show></presence>");
    old.isIdleAgain();

    bob.hears(
            "<presence type='unavailable' from='alice@example.org/phone'"
                + " to='bob@example.org/laptop'/>",
            "<presence from='alice@example.org/phone' to='bob@example.org/laptop'>"
                + "<show>away</show></presence>")
        .hearsNothing();
  }

  @Test
  void directedPresenceOfTheOldConnectionEndsBeforeThatOfItsSuccessorBegins() {
    Dialogue strangers = Dialogue.amongStrangers();
    Device bob = strangers.bound("bob/laptop");
    Device old =
        strangers.bound("alice/phone").says("<presence id='1' to='bob@example.org/laptop'/>");
    Device successor = strangers.authenticated("alice");
    strangers.quiet();
    old.isBusy();

    successor.binds("phone").says("<presence id='2' to='bob@example.org/laptop'/>");
    old.isIdleAgain();

    bob.hears(
            "<presence type='unavailable' from='alice@example.org/phone'"
                + " to='bob@example.org/laptop'/>",
            "<presence id='2' from='alice@example.org/phone' to='bob@example.org/laptop'/>")
        .hearsNothing();
  }

  @Test
  void aConnectionThatHasLostItsResourceShowsNothingAnymore() {
    Device bob = dialogue.available("bob/laptop");
    Device old = dialogue.bound("alice/phone");
    old.isBusy();
    dialogue.bound("alice/phone");

    old.says("<presence/>", "<presence to='bob@example.org'/>");

    bob.hearsNothing();
    old.isIdleAgain();
    bob.hearsNothing();
  }
}
