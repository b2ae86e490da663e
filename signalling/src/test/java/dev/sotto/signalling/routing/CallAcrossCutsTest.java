package dev.sotto.signalling.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.dialogue.Dialogue;
import dev.sotto.signalling.dialogue.ResumingClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A call whose XMPP connection is lost after each of its stanzas in turn, on either side, and is
 * resumed (XEP-0198): what both sides hear is what they would have heard without.
 */
final class CallAcrossCutsTest {

  private static final String ALICE = "alice@example.org/phone";
  private static final String BOB = "bob@example.org/laptop";

  /** Who says what. */
  private record Line(String speaker, String stanza) {}

  private static Line jmi(String speaker, String to, String action) {
    return new Line(
        speaker,
        "<message type='chat' to='"
            + to
            + "'><"
            + action
            + " xmlns='urn:xmpp:jingle-message:0' id='c1'/><store xmlns='urn:xmpp:hints'/>"
            + "</message>");
  }

  private static Stream<Line> jingle(String speaker, String action, String id) {
    String other = speaker.equals(ALICE) ? BOB : ALICE;
    return Stream.of(
        new Line(
            speaker,
            "<iq type='set' id='"
                + id
                + "' to='"
                + other
                + "'><jingle xmlns='urn:xmpp:jingle:1'"
                + " action='"
                + action
                + "' sid='c1'/></iq>"),
        new Line(other, "<iq type='result' id='" + id + "' to='" + speaker + "'/>"));
  }

  private static final List<Line> CALL =
      Stream.of(
              Stream.of(
                  jmi(ALICE, "bob@example.org", "propose"),
                  jmi(BOB, ALICE, "ringing"),
                  jmi(BOB, ALICE, "proceed")),
              jingle(ALICE, "session-initiate", "i1"),
              jingle(BOB, "transport-info", "t1"),
              jingle(ALICE, "transport-info", "t2"),
              jingle(BOB, "session-accept", "a1"),
              jingle(ALICE, "session-info", "m1"),
              jingle(BOB, "content-add", "v1"),
              jingle(ALICE, "session-terminate", "e1"),
              Stream.of(jmi(ALICE, "bob@example.org", "finish")))
          .flatMap(lines -> lines)
          .toList();

  enum How {
    /** All has arrived that was sent. */
    AFTER_ALL_HAS_ARRIVED,
    /** What the server sent last has not arrived. */
    BEFORE_THE_LAST_WAS_HEARD,
    /** The server does not notice before the client comes back. */
    UNNOTICED_BY_THE_SERVER,
    /** What the client said last has not arrived; only for who spoke. */
    BEFORE_THE_LAST_WAS_SAID
  }

  enum Return {
    AT_ONCE(Duration.ZERO),
    AFTER_A_CHANGE_OF_NETWORKS(Duration.ofSeconds(20));

    private final Duration away;

    Return(Duration away) {
      this.away = away;
    }
  }

  /** Cut after this line, at this side; {@code -1} for never. */
  record Cut(int line, String victim, How how, Return back) {

    boolean loses(int spoken, String speaker) {
      return spoken == line && victim.equals(speaker) && how == How.BEFORE_THE_LAST_WAS_SAID;
    }
  }

  static Stream<Cut> everyCut() {
    return IntStream.range(0, CALL.size())
        .boxed()
        .flatMap(line ->
            Stream.of(ALICE, BOB)
                .flatMap(victim ->
                    Stream.of(How.values())
                        .filter(how ->
                            how != How.BEFORE_THE_LAST_WAS_SAID
                                || CALL.get(line).speaker().equals(victim))
                        .flatMap(how ->
                            Stream.of(Return.values())
                                .map(back -> new Cut(line, victim, how, back)))));
  }

  private static final class Run {
    private final Dialogue dialogue = Dialogue.amongStrangers();
    private final ResumingClient alice = new ResumingClient(dialogue, "alice/phone");
    private final ResumingClient bob = new ResumingClient(dialogue, "bob/laptop");

    Run(Cut cut) {
      both(ResumingClient::hears);
      for (int i = 0; i < CALL.size(); i++) {
        Line line = CALL.get(i);
        if (cut.loses(i, line.speaker())) {
          client(line.speaker()).saysInVain(line.stanza());
        } else {
          client(line.speaker()).says(line.stanza());
        }
        if (i == cut.line()) {
          lose(client(cut.victim()), cut.how());
          client(cut.victim().equals(ALICE) ? BOB : ALICE).hears();
          dialogue.time().pass(cut.back().away);
          client(cut.victim()).comesBack();
        }
        both(ResumingClient::hears);
      }
      both(ResumingClient::asks);
    }

    private static void lose(ResumingClient victim, How how) {
      switch (how) {
        case AFTER_ALL_HAS_ARRIVED -> {
          victim.hears();
          victim.isCutOff();
        }
        case BEFORE_THE_LAST_WAS_HEARD -> victim.isCutOff();
        case UNNOTICED_BY_THE_SERVER -> victim.isCutOffUnnoticed();
        case BEFORE_THE_LAST_WAS_SAID -> {} // is cut off already
      }
    }

    private ResumingClient client(String jid) {
      return jid.equals(ALICE) ? alice : bob;
    }

    private void both(java.util.function.Consumer<ResumingClient> what) {
      what.accept(alice);
      what.accept(bob);
    }
  }

  private static final Run UNCUT =
      new Run(new Cut(-1, ALICE, How.AFTER_ALL_HAS_ARRIVED, Return.AT_ONCE));

  private static List<String> withoutStamps(List<String> stanzas) {
    List<String> plain = new ArrayList<>(stanzas);
    plain.replaceAll(stanza -> stanza.replaceAll("<delay [^>]*/>", ""));
    return plain;
  }

  @Test
  void theUncutCallHasAllItsLines() {
    assertThat(UNCUT.alice.received().size() + UNCUT.bob.received().size())
        .isEqualTo(CALL.size() + 2); // and both heard their own presence
  }

  @ParameterizedTest
  @MethodSource("everyCut")
  void theCallGoesOnAsIfNothingHadBeen(Cut cut) {
    Run run = new Run(cut);

    assertThat(withoutStamps(run.alice.received())).isEqualTo(UNCUT.alice.received());
    assertThat(withoutStamps(run.bob.received())).isEqualTo(UNCUT.bob.received());
    assertThat(run.alice.acknowledged()).isEqualTo(UNCUT.alice.acknowledged());
    assertThat(run.bob.acknowledged()).isEqualTo(UNCUT.bob.acknowledged());
    assertThat(run.alice.sessions() + run.bob.sessions()).isEqualTo(2);
    assertThat(run.dialogue.counters().resumptions.sum()).isEqualTo(1);
  }
}
