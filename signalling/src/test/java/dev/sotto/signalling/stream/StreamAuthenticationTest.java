package dev.sotto.signalling.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.signalling.dialogue.Device;
import dev.sotto.signalling.dialogue.Dialogue;
import dev.sotto.signalling.dialogue.Tokens;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6120 sections 5 and 6: STARTTLS and SASL PLAIN with a JWT. */
final class StreamAuthenticationTest {

  private static final String OPENED = "<stream:stream from='example.org' version='1.0'>";
  private static final String CLOSED = "</stream:stream>";
  private static final String START_TLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
  private static final String PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
  private static final String TLS_FAILURE = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
  private static final String SUCCESS = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
  private static final String MECHANISMS =
      "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>OAUTHBEARER</mechanism>"
          + "<mechanism>PLAIN</mechanism></mechanisms>";
  private static final String BIND_FEATURES =
      "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
          + "<sm xmlns='urn:xmpp:sm:3'/><csi xmlns='urn:xmpp:csi:0'/></stream:features>";
  private static final String ELSEWHERE = "203.0.113.7";

  private final Dialogue dialogue = Dialogue.amongEveryone();

  private static String error(String condition) {
    return "<stream:error><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
  }

  private static String failure(String condition) {
    return "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><" + condition + "/></failure>";
  }

  private static String auth(String mechanism, String text) {
    return "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='"
        + mechanism
        + "'>"
        + text
        + "</auth>";
  }

  private Device opened() {
    Device device = dialogue.connection().opens();
    dialogue.quiet();
    return device;
  }

  @Nested
  class Features {

    @Test
    void onThisHostTlsIsOfferedAndPlainAllowedWithoutIt() {
      dialogue
          .connection("127.0.0.1", true, false)
          .opens()
          .hears(OPENED, "<stream:features>" + START_TLS + MECHANISMS + "</stream:features>");
    }

    @Test
    void theLoopbackOfIpVersionSixIsThisHost() {
      dialogue
          .connection("::1", true, false)
          .opens()
          .hears(OPENED, "<stream:features>" + START_TLS + MECHANISMS + "</stream:features>");
    }

    @Test
    void fromElsewhereTlsIsRequiredAndNothingElseOffered() {
      dialogue
          .connection(ELSEWHERE, true, false)
          .opens()
          .hears(
              OPENED,
              "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"
                  + "</starttls></stream:features>");
    }

    @Test
    void underTlsOnlyPlainIsOffered() {
      dialogue
          .connection(ELSEWHERE, true, true)
          .opens()
          .hears(OPENED, "<stream:features>" + MECHANISMS + "</stream:features>");
    }

    @Test
    void aWebSocketWithoutTlsFromElsewhereIsOfferedNothing() {
      dialogue.connection(ELSEWHERE, false, false).opens().hears(OPENED, "<stream:features/>");
    }
  }

  @Nested
  class StartTls {

    @Test
    void startsANewStreamInWhichPlainIsAllowed() {
      Device device = dialogue.connection(ELSEWHERE, true, false).opens();
      dialogue.quiet();

      device
          .says(START_TLS)
          .hears(PROCEED, "(tls)")
          .opens()
          .hears(OPENED, "<stream:features>" + MECHANISMS + "</stream:features>")
          .authenticates("", "alice", Tokens.good("alice"))
          .hears(SUCCESS, "(restart)");
    }

    @Test
    void isRefusedASecondTime() {
      Device device = dialogue.connection(ELSEWHERE, true, false).opens().says(START_TLS).opens();
      dialogue.quiet();

      device.says(START_TLS).hears(TLS_FAILURE, CLOSED).hearsNothing();
    }

    @Test
    void isRefusedOnWebSocket() {
      Device device = dialogue.connection("127.0.0.1", false, false).opens();
      dialogue.quiet();

      device.says(START_TLS).hears(TLS_FAILURE, CLOSED);
    }

    @Test
    void comesBeforePlainFromElsewhere() {
      Device device = dialogue.connection(ELSEWHERE, true, false).opens();
      dialogue.quiet();

      device
          .authenticates("", "alice", Tokens.good("alice"))
          .hears(failure("encryption-required"))
          .hearsNothing();
    }

    @Test
    void aStanzaInsteadOfTheNewHeaderIsAnsweredInsideANewStream() {
      Device device = dialogue.connection(ELSEWHERE, true, false).opens().says(START_TLS);
      dialogue.quiet();

      device.says("<presence/>").hears(OPENED, error("bad-format"), CLOSED);
    }
  }

  @Nested
  class Sasl {

    @Test
    void aGoodTokenLeadsToANewStreamThatOffersBinding() {
      opened()
          .authenticates("", "alice", Tokens.good("alice"))
          .hears(SUCCESS, "(restart)")
          .opens()
          .hears(OPENED, BIND_FEATURES);
      assertThat(dialogue.counters().authSuccesses.sum()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "Alice", "alice@example.org", "ALICE@Example.Org"})
    void theUserMayBeNamedByLocalPartOrBareJid(String name) {
      opened().authenticates("", name, Tokens.good("alice")).hears(SUCCESS, "(restart)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b@mail.test", "a.b\\40mail.test", "a.b\\40mail.test@example.org"})
    void aUserNamedByMailAddressMayEscapeItOrNot(String name) {
      opened().authenticates("", name, Tokens.good("a.b@mail.test")).hears(SUCCESS, "(restart)");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"bob", "alice@elsewhere.org", "alice@example.org/phone", "@", "example.org"})
    void aTokenForAnotherUserIsNotAuthorized(String name) {
      opened().authenticates("", name, Tokens.good("alice")).hears(failure("not-authorized"));
    }

    @Test
    void anExpiredTokenIsCalledSo() {
      opened()
          .authenticates("", "alice", Tokens.expired("alice"))
          .hears(failure("credentials-expired"));
      assertThat(dialogue.counters().authFailures.sum()).isEqualTo(1);
    }

    @Test
    void aForgedTokenIsNotAuthorized() {
      opened()
          .authenticates("", "alice", Tokens.forged("alice"))
          .hears(failure("not-authorized"))
          .hearsNothing();
    }

    @Test
    void whatIsNoTokenIsNotAuthorized() {
      opened().authenticates("", "alice", "opensesame").hears(failure("not-authorized"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "YWxpY2U=", "AGFsaWNl", "AAB4", "/////w=="})
    void aMalformedMessageIsCalledSo(String text) {
      opened().says(auth("PLAIN", text)).hears(failure("malformed-request"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"not base64!", "AGEAYg", "AGEAYg= =", " AGEAYg==", "AGEAYh==", "====", "AA=A"})
    void section_6_5_5_what_is_not_base64_to_the_letter_is_called_so(String text) {
      opened().says(auth("PLAIN", text)).hears(failure("incorrect-encoding"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "SCRAM-SHA-256", "EXTERNAL"})
    void anotherMechanismIsInvalid(String mechanism) {
      opened().says(auth(mechanism, "AGEAYg==")).hears(failure("invalid-mechanism"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "alice@example.org"})
    void usersMayNameThemselvesTwice(String authorizationId) {
      opened()
          .authenticates(authorizationId, "alice", Tokens.good("alice"))
          .hears(SUCCESS, "(restart)");
    }

    @Test
    void nobodyActsForAnother() {
      opened()
          .authenticates("bob", "alice", Tokens.good("alice"))
          .hears(failure("invalid-authzid"));
    }

    @Test
    void anAbortIsConfirmed() {
      opened()
          .says("<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
          .hears(failure("aborted"))
          .hearsNothing();
    }

    @Test
    void twoFailuresMayBeFollowedByASuccess() {
      Device device = opened();
      device.authenticates("", "alice", Tokens.expired("alice"));
      device.authenticates("", "alice", Tokens.forged("alice"));
      dialogue.quiet();

      device.authenticates("", "alice", Tokens.good("alice")).hears(SUCCESS, "(restart)");
    }

    @Test
    void theThirdFailureEndsTheStream() {
      Device device = opened();
      device.authenticates("", "alice", Tokens.forged("alice"));
      device.says(auth("EXTERNAL", "="));
      dialogue.quiet();

      device
          .authenticates("", "alice", Tokens.forged("alice"))
          .hears(failure("not-authorized"), error("policy-violation"), CLOSED);
      assertThat(dialogue.counters().authFailures.sum()).isEqualTo(3);
    }

    @Test
    void aSecondAttemptDuringTheFirstEndsTheStream() {
      dialogue.holdTokens();
      Device device = opened().authenticates("", "alice", Tokens.good("alice"));

      device
          .authenticates("", "alice", Tokens.good("alice"))
          .hears(error("policy-violation"), CLOSED);

      dialogue.checkTokens();
      device.hearsNothing();
      assertThat(dialogue.counters().authSuccesses.sum()).isZero();
    }

    @Test
    void aVerdictAfterTheConnectionIsGoneIsForgotten() {
      dialogue.holdTokens();
      Device device = opened().authenticates("", "alice", Tokens.good("alice"));
      device.disconnects();

      dialogue.checkTokens();

      device.hearsNothing();
      assertThat(dialogue.counters().authSuccesses.sum()).isZero();
    }

    /** The token is checked on another thread, so the verdict must wait for the loop. */
    @Test
    void theVerdictIsTakenOnTheConnectionsOwnLoop() {
      Device device = opened();
      device.isBusy();
      device.authenticates("", "alice", Tokens.good("alice")).hearsNothing();

      device.isIdleAgain();

      device.hears(SUCCESS, "(restart)");
    }
  }

  @Nested
  class Impatience {

    @ParameterizedTest
    @ValueSource(strings = {"<message/>", "<presence/>", "<iq type='get' id='1'/>"})
    void aStanzaBeforeAuthenticationIsNotAuthorized(String stanza) {
      opened().says(stanza).hears(error("not-authorized"), CLOSED);
    }

    @Test
    void whatIsNoStanzaIsUnsupported() {
      opened()
          .says("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
          .hears(error("unsupported-stanza-type"), CLOSED);
    }

    @Test
    void silenceUntilTheDeadlineEndsTheStream() {
      Device device = dialogue.connection();

      dialogue.time().pass(Dialogue.AUTH_TIMEOUT.minusNanos(1));
      device.hearsNothing();
      dialogue.time().pass(Dialogue.AUTH_TIMEOUT);

      device.hears(OPENED, error("connection-timeout"), CLOSED);
    }

    @Test
    void theDeadlineIsForBindingToo() {
      Device device = dialogue.authenticated("alice");

      dialogue.time().pass(Dialogue.AUTH_TIMEOUT);

      device.hears(error("connection-timeout"), CLOSED);
    }

    @Test
    void theDeadlineEndsWithTheConnection() {
      Device device = opened();
      device.disconnects();

      dialogue.time().pass(Dialogue.AUTH_TIMEOUT);

      device.hearsNothing();
      assertThat(dialogue.counters().streamErrors.sum()).isZero();
    }
  }
}
