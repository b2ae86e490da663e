package dev.sotto.signalling.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RFC 6121 section 8.5.4 as a table: what becomes of a message by its addressee, its type and the
 * devices that are there.
 */
final class MessageDeliveryTest {

  private static final String TYPES = "chat normal headline groupchat error";

  /**
   * A row: who is there, the addressee, and for each of {@link #TYPES} the outcome. {@code one} and
   * {@code all} are the devices that get it: "laptop", or laptop and tablet; {@code kept} comes
   * with the next presence; otherwise an error's condition, or {@code -} for silence.
   */
  private static final String[] TABLE = {
    // devices       | to                      | chat  normal headline groupchat error
    "laptop,tablet   | bob@example.org         | all   all    all   unavailable  -",
    "laptop,tablet   | bob@example.org/laptop  | one   one    one   one          one",
    "laptop,tablet   | bob@example.org/gone    | all   unavailable - unavailable -",
    "laptop          | bob@example.org         | one   one    one   unavailable  -",
    "negative        | bob@example.org         | kept  kept   -     unavailable  -",
    "negative        | bob@example.org/laptop  | one   one    one   one          one",
    "silent          | bob@example.org         | kept  kept   -     unavailable  -",
    "silent          | bob@example.org/laptop  | one   one    one   one          one",
    "gone            | bob@example.org         | kept  kept   -     unavailable  -",
    "gone            | bob@example.org/laptop  | kept  unavailable - unavailable -",
    "never           | bob@example.org         | unavailable unavailable - unavailable -",
    "never           | bob@example.org/laptop  | unavailable unavailable - unavailable -",
    "laptop          | example.org             | unavailable unavailable unavailable unavailable -",
    "laptop          | elsewhere.org           | not-found not-found not-found not-found -",
    "laptop          | bob@elsewhere.org       | not-found not-found not-found not-found -",
    "laptop          | @example.org            | malformed malformed malformed malformed -",
    "laptop          | bob@example.org/        | malformed malformed malformed malformed -"
  };

  static Stream<Arguments> rows() {
    return Arrays.stream(TABLE)
        .flatMap(row -> {
          String[] cells = row.split("\\|", -1);
          String[] outcomes = cells[2].strip().split(" +", -1);
          String[] types = TYPES.split(" ", -1);
          return Stream.iterate(0, i -> i < types.length, i -> i + 1)
              .map(i -> Arguments.of(types[i], cells[1].strip(), cells[0].strip(), outcomes[i]));
        });
  }

  private final Dialogue dialogue = Dialogue.amongStrangers();
  private final Device alice = dialogue.bound("alice/phone");

  @ParameterizedTest(name = "{0} to {1} with {2}: {3}")
  @MethodSource("rows")
  void aMessageGoesWhereTheTableSays(String type, String to, String devices, String outcome) {
    Device laptop = bobs(devices);
    Device tablet =
        devices.endsWith("tablet") ? dialogue.available("bob/tablet") : dialogue.connection();
    String heard = message(type, to, "from='alice@example.org/phone' ", "");

    alice.says(message(type, to, "", ""));

    switch (outcome) {
      case "one" -> {
        laptop.hears(heard).hearsNothing();
        tablet.hearsNothing();
        alice.hearsNothing();
      }
      case "all" -> {
        laptop.hears(heard).hearsNothing();
        tablet.hears(heard).hearsNothing();
        alice.hearsNothing();
      }
      case "kept" -> {
        laptop.hearsNothing();
        alice.hearsNothing();
        String delay =
            "<delay xmlns='urn:xmpp:delay' from='example.org' stamp='2026-03-01T10:00:00Z'/>";
        assertThat(messagesToTheNextDevice())
            .containsExactly(message(type, to, "from='alice@example.org/phone' ", delay));
      }
      case "-" -> {
        laptop.hearsNothing();
        tablet.hearsNothing();
        alice.hearsNothing();
        assertThat(messagesToTheNextDevice()).isEmpty();
      }
      default -> {
        laptop.hearsNothing();
        alice.hears(error(to, outcome)).hearsNothing();
      }
    }
  }

  private Device bobs(String devices) {
    return switch (devices) {
      case "never" -> dialogue.connection();
      case "gone" -> {
        Device gone = dialogue.available("bob/laptop");
        gone.disconnects();
        yield gone;
      }
      case "silent" -> dialogue.bound("bob/laptop");
      case "negative" -> {
        Device negative =
            dialogue.bound("bob/laptop").says("<presence><priority>-1</priority></presence>");
        dialogue.quiet();
        yield negative;
      }
      default -> dialogue.available("bob/laptop");
    };
  }

  private List<String> messagesToTheNextDevice() {
    return dialogue.bound("bob/next").says("<presence/>").hearsRest().stream()
        .filter(stanza -> stanza.startsWith("<message"))
        .toList();
  }

  private static String message(String type, String to, String from, String more) {
    return "<message "
        + from
        + "id='1' to='"
        + to
        + "' type='"
        + type
        + "'><body>hello</body>"
        + more
        + "</message>";
  }

  private static String error(String to, String outcome) {
    String body =
        switch (outcome) {
          case "unavailable" -> "type='cancel'><service-unavailable";
          case "not-found" -> "type='cancel'><remote-server-not-found";
          case "malformed" -> "type='modify'><jid-malformed";
          default -> throw new IllegalArgumentException(outcome);
        };
    return "<message type='error' id='1' from='"
        + to
        + "' to='alice@example.org/phone'><error "
        + body
        + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>";
  }

  @Test
  void withoutAnAddresseeItGoesToTheOwnAccount() {
    Device tablet = dialogue.available("alice/tablet");

    alice.says("<message type='chat' id='1'><body>note</body></message>").hearsNothing();

    tablet.hears(
        "<message from='alice@example.org/phone' type='chat' id='1'><body>note</body></message>");
  }

  /** Section 5.2.2: a type that nobody knows is normal. */
  @Test
  void anUnknownTypeIsNormal() {
    Device bob = dialogue.available("bob/laptop");

    alice.says(message("telegram", "bob@example.org", "", ""));

    bob.hears(message("telegram", "bob@example.org", "from='alice@example.org/phone' ", ""));
  }
}
