package dev.sotto.signalling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6120 sections 4.6 and 8: stanzas of a bound stream, its rate and its silence. */
final class BoundStreamTest {

  private static final String CLOSED = "</stream:stream>";
  private static final String PING = "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>";
  private static final String PONG = "<iq type='result' id='p' to='alice@example.org/phone'/>";

  private final Dialogue dialogue = Dialogue.amongEveryone();
  private final Device alice = dialogue.bound("alice/phone");

  private static String error(String condition) {
    return "<stream:error><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bob@example.org",
        "alice@example.org/tablet",
        "alice@elsewhere.org",
        "example.org",
        "",
        "@",
        "alice@example.org/"
      })
  void aForgedSenderEndsTheStream(String from) {
    alice
        .says("<message from='" + from + "' to='bob@example.org'/>")
        .hears(error("invalid-from"), CLOSED)
        .hearsNothing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from='alice@example.org'",
        "from='alice@example.org/phone'",
        "from='ALICE@example.ORG/phone'",
        ""
      })
  void theSenderIsStampedAsFullJid(String from) {
    Device bob = dialogue.bound("bob/laptop");

    alice.says("<message to='bob@example.org/laptop' id='1' " + from + "/>");

    bob.hears("<message from='alice@example.org/phone' id='1' to='bob@example.org/laptop'/>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<message xmlns='jabber:server' to='bob@example.org'/>",
        "<presence xmlns=''/>",
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>"
      })
  void anotherNamespaceEndsTheStream(String stanza) {
    alice.says(stanza).hears(error("invalid-namespace"), CLOSED);
  }

  @Test
  void anUnknownStanzaEndsTheStream() {
    alice.says("<query/>").hears(error("unsupported-stanza-type"), CLOSED);
  }

  @Test
  void whatComesAfterTheEndIsNotDelivered() {
    Device bob = dialogue.bound("bob/laptop");
    alice.says("<query/>");

    alice.says("<message to='bob@example.org/laptop'/>");

    bob.hearsNothing();
  }

  @Test
  void oneSecondsWorthOfStanzasMayComeAtOnce() {
    for (int i = 0; i < Dialogue.STANZAS_PER_SECOND; i++) {
      alice.says(PING).hears(PONG);
    }

    assertThat(alice.isPaused()).isFalse();
  }

  @Test
  void whatIsFasterWaitsUntilItsTimeHasCome() {
    for (int i = 0; i <= Dialogue.STANZAS_PER_SECOND; i++) {
      alice.says(PING).hears(PONG);
    }
    assertThat(alice.isPaused()).isTrue();
    Duration share = Duration.ofSeconds(1).dividedBy(Dialogue.STANZAS_PER_SECOND);

    dialogue.time().pass(share.minusNanos(1));
    assertThat(alice.isPaused()).isTrue();
    dialogue.time().pass(Duration.ofNanos(1));
    assertThat(alice.isPaused()).isFalse();

    alice.says(PING).hears(PONG);
    assertThat(alice.isPaused()).isTrue();
  }

  @Test
  void aPauseDoesNotSaveUpMoreThanASecond() {
    dialogue.time().pass(Duration.ofSeconds(60));

    for (int i = 0; i <= Dialogue.STANZAS_PER_SECOND; i++) {
      alice.says(PING).hears(PONG);
    }

    assertThat(alice.isPaused()).isTrue();
  }

  @Test
  void theRateOfOneStreamIsNotAnothers() {
    Device bob = dialogue.bound("bob/laptop");
    for (int i = 0; i <= Dialogue.STANZAS_PER_SECOND; i++) {
      alice.says(PING);
    }

    bob.says(PING);

    assertThat(alice.isPaused()).isTrue();
    assertThat(bob.isPaused()).isFalse();
  }

  private void idlePeriodPasses() {
    dialogue.time().pass(Dialogue.IDLE_TIMEOUT);
  }

  private void isPinged() {
    assertThat(alice.hears())
        .startsWith("<iq from='example.org' id='")
        .endsWith("' to='alice@example.org/phone' type='get'><ping xmlns='urn:xmpp:ping'/></iq>");
    alice.hearsNothing();
  }

  @Test
  void theAuthenticationDeadlineIsOverOnceBound() {
    dialogue.time().pass(Dialogue.AUTH_TIMEOUT);

    alice.hearsNothing();
  }

  @Test
  void silenceIsAnsweredByAPing() {
    dialogue.time().pass(Dialogue.IDLE_TIMEOUT.minusNanos(1));
    alice.hearsNothing();

    dialogue.time().pass(Duration.ofNanos(1));

    isPinged();
  }

  @Test
  void anAnswerKeepsTheStreamUntilTheNextSilence() {
    idlePeriodPasses();
    isPinged();

    alice.says("<iq type='result' id='x' to='example.org'/>");
    idlePeriodPasses();
    alice.hearsNothing();

    idlePeriodPasses();
    isPinged();
  }

  @Test
  void whiteSpaceAnswersAPingAsWell() {
    idlePeriodPasses();
    isPinged();

    alice.keepsAlive();
    idlePeriodPasses();
    alice.hearsNothing();

    idlePeriodPasses();
    isPinged();
  }

  @Test
  void aClientThatSpeaksIsNotPinged() {
    for (int i = 0; i < 5; i++) {
      alice.keepsAlive();
      idlePeriodPasses();
    }

    alice.hearsNothing();
  }

  @Test
  void silenceAfterAPingEndsTheStreamAndThePresence() {
    alice.says("<presence/>");
    Device bob = dialogue.available("bob/laptop");
    idlePeriodPasses(); // in which both have spoken
    bob.keepsAlive();
    idlePeriodPasses();
    isPinged();
    bob.keepsAlive();

    idlePeriodPasses();

    alice.hears(error("connection-timeout"), CLOSED).hearsNothing();
    bob.hears(
        "<presence type='unavailable' from='alice@example.org/phone'"
            + " to='bob@example.org/laptop'/>");
  }

  @Test
  void aGoneConnectionIsNotPinged() {
    alice.disconnects();

    idlePeriodPasses();

    alice.hearsNothing();
  }

  @Test
  void theRouterCountsWhatItIsGiven() {
    alice.says(PING, "<message to='bob@example.org'/>");

    assertThat(dialogue.router().stanzasRouted()).isEqualTo(2);
  }
}
