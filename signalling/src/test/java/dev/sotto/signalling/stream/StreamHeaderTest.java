package dev.sotto.signalling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import dev.sotto.signalling.dialogue.Tokens;
import dev.sotto.signalling.xml.XmlFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6120 section 4: how a stream is opened, and how it ends. */
final class StreamHeaderTest {

  private static final String OPENED = "<stream:stream from='example.org' version='1.0'>";
  private static final String CLOSED = "</stream:stream>";

  private final Dialogue dialogue = Dialogue.amongEveryone();
  private final Device device = dialogue.connection();

  private static String error(String condition) {
    return "<stream:error><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.org", "EXAMPLE.org", "example.org."})
  void aHeaderForThisDomainIsAnsweredWithFeatures(String to) {
    device.opens("<stream:stream version='1.0' to='" + to + "'/>").hears(OPENED);

    assertThat(device.hears()).startsWith("<stream:features>");
    device.hearsNothing();
  }

  @Test
  void aHeaderInTheFramingOfWebSocketIsAnsweredTheSame() {
    device
        .opens("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>")
        .hears(OPENED);

    assertThat(device.hears()).startsWith("<stream:features>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "to='elsewhere.org'",
        "to='alice@example.org'",
        "to='example.org/x'",
        "to='@example.org'",
        "to=''"
      })
  void anotherHostIsUnknown(String to) {
    device
        .opens("<stream:stream version='1.0' " + to + "/>")
        .hears(OPENED, error("host-unknown"), CLOSED)
        .hearsNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "one", "1", "1.", ".0", "1.0.0", "-1.0", "1.0 ", "0x1.0", "1.0e1"})
  void whatIsNoVersionIsUnsupported(String version) {
    device
        .opens("<stream:stream to='example.org' version='" + version + "'/>")
        .hears(OPENED, error("unsupported-version"), CLOSED);
  }

  /** Section 4.7.5: the answer bears the lower of both versions. */
  @ParameterizedTest
  @CsvSource({"0.0, 0.0", "0.9, 0.9", "00.010, 0.10"})
  void aVersionBeforeTheFirstIsAnsweredAsSuchAndUnsupported(String version, String answer) {
    device
        .opens("<stream:stream to='example.org' version='" + version + "'/>")
        .hears(
            "<stream:stream from='example.org' version='" + answer + "'>",
            error("unsupported-version"),
            CLOSED);
  }

  /** Section 4.7.5: it counts as 0.9, and the answer bears no version. */
  @Test
  void aHeaderWithoutAVersionIsUnsupported() {
    device
        .opens("<stream:stream to='example.org'/>")
        .hears("<stream:stream from='example.org'>", error("unsupported-version"), CLOSED);
  }

  /** Section 4.7.5: the lower version counts, and parts are compared as numbers. */
  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.1", "2.0", "10.3", "01.00", "4294967297.99999999999999999999"})
  void aLaterVersionIsSpokenWithAsTheFirst(String version) {
    device.opens("<stream:stream to='example.org' version='" + version + "'/>").hears(OPENED);

    assertThat(device.hears()).startsWith("<stream:features>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<stream xmlns='jabber:client' to='example.org' version='1.0'/>",
        "<stream:open to='example.org' version='1.0'/>",
        "<stream xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>"
      })
  void anotherNamespaceIsInvalid(String header) {
    device.opens(header).hears(OPENED, error("invalid-namespace"), CLOSED);
  }

  @Test
  void aSecondHeaderIsBadFormat() {
    device.opens();
    dialogue.quiet();

    device.opens().hears(error("bad-format"), CLOSED);
  }

  @Test
  void aStanzaBeforeTheHeaderIsAnsweredInsideAStream() {
    device.says("<presence/>").hears(OPENED, error("bad-format"), CLOSED);
  }

  /** Section 4.9.1.2: after a restart the old stream is gone, so the error opens the new one. */
  @Test
  void aStanzaBetweenSuccessAndTheNextHeaderIsAnsweredInsideTheNewStream() {
    Device halfway = dialogue.connection().opens().authenticates("", "alice", Tokens.good("alice"));
    dialogue.quiet();

    halfway.says("<presence/>").hears(OPENED, error("bad-format"), CLOSED);
  }

  @Test
  void streamIdsDiffer() {
    Device other = dialogue.connection().opens();

    assertThat(device.opens().lastStreamId()).isNotEmpty().isNotEqualTo(other.lastStreamId());
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_WELL_FORMED, not-well-formed",
    "RESTRICTED_XML, restricted-xml",
    "BAD_NAMESPACE_PREFIX, bad-namespace-prefix",
    "POLICY_VIOLATION, policy-violation",
    "UNSUPPORTED_ENCODING, unsupported-encoding",
    "BAD_FORMAT, bad-format"
  })
  void whatIsNotXmlEndsTheStreamWithItsOwnError(XmlFault.Kind kind, String condition) {
    device.opens();
    dialogue.quiet();

    device.stream().onFault(new XmlFault(kind, "why"));

    device.hears(error(condition), CLOSED).hearsNothing();
    assertThat(dialogue.counters().streamErrors.sum()).isEqualTo(1);
  }

  @Test
  void theClientsEndOfTheStreamIsAnswered() {
    device.opens();
    dialogue.quiet();

    device.leaves();

    device.hears(CLOSED);
  }

  @Test
  void nothingIsSentAfterTheEnd() {
    device.says("<presence/>");
    assertThat(device.isClosed()).isTrue();
    dialogue.quiet();

    device.opens().says("<presence/>", "<iq type='get'/>");
    device.stream().onFault(new XmlFault(XmlFault.Kind.NOT_WELL_FORMED, "why"));
    device.keepsAlive();
    dialogue.time().pass(Dialogue.IDLE_TIMEOUT.multipliedBy(3));
    device.disconnects();

    device.hearsNothing();
  }

  @Test
  void theEndOfAnEndedStreamIsNotAnsweredAgain() {
    device.says("<presence/>");
    dialogue.quiet();

    device.leaves();

    device.hearsNothing();
  }
}
