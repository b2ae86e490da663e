package dev.sotto.signalling.routing;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6120 section 8.2.3 and RFC 6121 section 8.5: requests between devices, and their errors. */
final class IqRoutingTest {

  private static final String QUERY = "<query xmlns='urn:example'/>";

  private final Dialogue dialogue = Dialogue.amongStrangers();
  private final Device alice = dialogue.bound("alice/phone");
  private final Device bob = dialogue.bound("bob/laptop");

  private static String error(String attributes, String type, String condition) {
    return "<iq type='error' to='alice@example.org/phone' "
        + attributes
        + "><error type='"
        + type
        + "'><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "set"})
  void aRequestAndItsResultGoFromDeviceToDevice(String type) {
    alice.says("<iq id='1' to='bob@example.org/laptop' type='" + type + "'>" + QUERY + "</iq>");
    bob.hears(
        "<iq id='1' from='alice@example.org/phone' to='bob@example.org/laptop' type='"
            + type
            + "'>"
            + QUERY
            + "</iq>");

    bob.says("<iq id='1' to='alice@example.org/phone' type='result'/>").hearsNothing();
    alice
        .hears(
            "<iq id='1' from='bob@example.org/laptop' to='alice@example.org/phone'"
                + " type='result'/>")
        .hearsNothing();
  }

  @Test
  void aRequestWithoutAnIdIsBad() {
    alice
        .says("<iq to='bob@example.org/laptop' type='get'>" + QUERY + "</iq>")
        .hears(error("from='bob@example.org/laptop'", "modify", "bad-request"));
    bob.hearsNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<a xmlns='urn:example'/><b xmlns='urn:example'/>", "words"})
  void aRequestWithoutExactlyOnePayloadIsBad(String children) {
    alice
        .says("<iq id='1' to='bob@example.org/laptop' type='get'>" + children + "</iq>")
        .hears(error("id='1' from='bob@example.org/laptop'", "modify", "bad-request"));
    bob.hearsNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "type=''", "type='GET'", "type='subscribe'"})
  void anUnknownTypeIsBad(String type) {
    alice
        .says("<iq id='1' " + type + ">" + QUERY + "</iq>")
        .hears(error("id='1'", "modify", "bad-request"));
  }

  @ParameterizedTest
  @CsvSource({
    "bob@example.org/gone, cancel, service-unavailable",
    "never@example.org/x, cancel, service-unavailable",
    "bob@example.org, cancel, service-unavailable",
    "never@example.org, cancel, service-unavailable",
    "elsewhere.org, cancel, remote-server-not-found",
    "bob@elsewhere.org/laptop, cancel, remote-server-not-found",
    "@example.org, modify, jid-malformed"
  })
  void aRequestThatNobodyCanAnswerIsRefused(String to, String type, String condition) {
    alice
        .says("<iq id='1' type='set' to='" + to + "'>" + QUERY + "</iq>")
        .hears(error("id='1' from='" + to + "'", type, condition))
        .hearsNothing();
    bob.hearsNothing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bob@example.org/gone",
        "bob@example.org",
        "never@example.org/x",
        "example.org",
        "elsewhere.org",
        "@example.org"
      })
  void anAnswerIsNeverAnswered(String to) {
    alice
        .says(
            "<iq id='1' type='result' to='" + to + "'/>",
            "<iq id='1' type='error' to='" + to + "'/>",
            "<iq type='result' to='" + to + "'/>",
            "<iq type='error' to='" + to + "'/>")
        .hearsNothing();
  }
}
