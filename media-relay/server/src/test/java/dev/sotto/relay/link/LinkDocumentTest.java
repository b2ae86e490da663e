package dev.sotto.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.colibri.TestRelay;
import dev.sotto.relay.link.ConferenceEvent.Occupant;
import dev.sotto.relay.link.ConferenceEvent.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaBuilder;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;

@DisplayName("What COLIBRI.md says of the link")
class LinkDocumentTest {
  private static final Jid FOCUS = JidCreate.fromOrThrowUnchecked("focus@relays.example.org/f");

  private final EventOutbox outbox = new EventOutbox(10);
  private final RequestDesk desk =
      new RequestDesk(
          Links.settings(5222), new TestRelay(), () -> List.of("m1", "m2", "m3"), outbox, () -> {});

  static {
    // Registers what reads the examples.
    new Dialer(Links.settings(5222));
  }

  @Test
  void the_announcement() throws Exception {
    Announcement announcement =
        Announcement.of(Links.settings(5222), new RelayStatus(0.25, false, 5, List.of("m2", "m1")));

    assertThat(
            announcement.write(StanzaBuilder.buildPresence("p1"), Links.FOCUS).toXML().toString())
        .isEqualTo(oneLine(example("announcement")));
  }

  @Test
  void slots_and_speakers() throws Exception {
    outbox.address("m1", FOCUS);
    outbox.publish(
        new ConferenceEvent.Slots(
            "m1",
            "bob",
            List.of(
                new Slot(2001, Optional.of(new Occupant("alice-v0", "alice"))),
                new Slot(2003, Optional.empty()))));
    outbox.publish(new ConferenceEvent.Speakers("m1", List.of("carol", "alice")));

    assertThat(letter("e1")).isEqualTo(oneLine(example("slots")));
    assertThat(letter("e2")).isEqualTo(oneLine(example("speakers")));
  }

  @Test
  void requests_and_their_answers() throws Exception {
    for (String name : List.of("list", "disco", "stranger", "unknown")) {
      List<IQ> answers = new ArrayList<>();
      desk.handle((IQ) PacketParserUtils.parseStanza(example(name)), answers::add);

      assertThat(answers).as(name).hasSize(1);
      assertThat(answers.getFirst().toXML().toString().replace('"', '\''))
          .as(name)
          .isEqualTo(oneLine(example(name + "-answer")));
    }
  }

  private String letter(String id) {
    return EventWriter.write(StanzaBuilder.buildMessage(id), outbox.take().orElseThrow())
        .toXML()
        .toString();
  }

  private static String example(String name) throws IOException {
    List<MatchResult> found =
        Pattern.compile("^```xml " + name + "\\n([^`]*)^```$", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("COLIBRI.md")))
            .results()
            .toList();
    assertThat(found).as(name).hasSize(1);
    return found.getFirst().group(1);
  }

  /** Without what makes it readable. */
  private static String oneLine(String xml) {
    return xml.strip().replaceAll("\\s+<", "<").replaceAll("\\n\\s*", " ");
  }
}
