package dev.sotto.relay.colibri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import java.util.stream.Stream;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A hostile request in XML")
class HostileXmlTest {
  private static final String CREATE = "meeting-id='m' create='true'";

  static Stream<Arguments> requests() {
    return Stream.of(
        request(ErrorCode.BAD_REQUEST, "meeting-id", "create='true'", ""),
        request(ErrorCode.BAD_REQUEST, "blank meeting-id", "meeting-id=' '", ""),
        request(ErrorCode.BAD_REQUEST, "'yes'", "meeting-id='m' create='yes'", ""),
        request(ErrorCode.BAD_REQUEST, "create", "meeting-id='m' create=''", ""),
        request(ErrorCode.BAD_REQUEST, "choose one", CREATE + " expire='true'", ""),
        request(ErrorCode.BAD_REQUEST, "'x'", CREATE + " x='1'", ""),
        request(ErrorCode.BAD_REQUEST, "'lang'", CREATE + " xml:lang='en'", ""),
        request(ErrorCode.BAD_REQUEST, "text 'hello'", CREATE, "hello"),
        request(ErrorCode.BAD_REQUEST, "'x'", CREATE, "<x/>"),
        request(ErrorCode.BAD_REQUEST, "'urn:x'", CREATE, "<endpoint xmlns='urn:x' id='a'/>"),
        request(ErrorCode.BAD_REQUEST, "'x'", CREATE, "<x>".repeat(90) + "</x>".repeat(90)),
        request(
            ErrorCode.LIMIT_LENGTH, "50000 elements", CREATE, "<endpoint id='a'/>".repeat(50_001)),
        request(ErrorCode.NOT_IMPLEMENTED, "relay", CREATE, "<relay id='r' create='true'/>"),
        request(
            ErrorCode.NOT_IMPLEMENTED,
            "connects",
            CREATE,
            "<connects><connect url='wss://x' protocol='mediajson' type='recorder'/></connects>"),
        request(ErrorCode.BAD_REQUEST, "two elements", CREATE, "<connects/><connects/>"),
        request(ErrorCode.BAD_REQUEST, "no id", CREATE, "<endpoint/>"),
        endpoint(ErrorCode.BAD_REQUEST, "two elements transport", "<transport/><transport/>"),
        endpoint(ErrorCode.BAD_REQUEST, "two elements", "<force-mute/><force-mute/>"),
        endpoint(ErrorCode.BAD_REQUEST, "audio", "<force-mute audio='1'/>"),
        endpoint(ErrorCode.BAD_REQUEST, "value", "<initial-last-n/>"),
        endpoint(ErrorCode.BAD_REQUEST, "value", "<initial-last-n value='many'/>"),
        endpoint(ErrorCode.BAD_REQUEST, "value", "<initial-last-n value='99999999999'/>"),
        endpoint(ErrorCode.BAD_REQUEST, "type", "<media/>"),
        endpoint(ErrorCode.BAD_REQUEST, "audio or video", "<media type='text'/>"),
        endpoint(ErrorCode.NOT_IMPLEMENTED, "sctp", "<transport><sctp/></transport>"),
        endpoint(
            ErrorCode.BAD_REQUEST,
            "given twice",
            "<media type='audio'><payload-type xmlns='urn:xmpp:jingle:apps:rtp:1' id='111'"
                + " name='opus' clockrate='48000'><parameter name='p' value='1'/>"
                + "<parameter name='p' value='2'/></payload-type></media>"),
        endpoint(
            ErrorCode.BAD_REQUEST,
            "fingerprint has no value",
            "<transport><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'><fingerprint"
                + " xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256'/></transport></transport>"),
        endpoint(
            ErrorCode.BAD_REQUEST,
            "encryption",
            "<media type='audio'><encryption xmlns='urn:xmpp:jingle:apps:rtp:1'/></media>"),
        endpoint(
            ErrorCode.BAD_REQUEST,
            "two elements mid",
            "<sources><media-source id='s' type='video'><mid xmlns='urn:sotto:colibri:0'>1</mid>"
                + "<mid xmlns='urn:sotto:colibri:0'>2</mid></media-source></sources>"),
        endpoint(
            ErrorCode.BAD_REQUEST,
            "type",
            "<receive-slots xmlns='urn:sotto:colibri:0'><slot ssrc='1'/></receive-slots>"),
        endpoint(
            ErrorCode.BAD_REQUEST,
            "ssrc",
            "<receive-slots xmlns='urn:sotto:colibri:0'><slot type='audio' ssrc='-'/>"
                + "</receive-slots>"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("requests")
  void is_refused_with_a_message_that_names_the_fault(
      ErrorCode code, String named, String attributes, String children) {
    ControlIq iq = Stanzas.parseRequest(attributes, children);

    ControlException refusal = catchThrowableOfType(ControlException.class, iq::request);

    assertThat(refusal).isNotNull();
    assertThat(refusal).hasMessageContaining(named);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.getMessage()).hasSizeLessThan(600);
    assertThat(iq.getStanzaId()).as("it can be answered").isEqualTo("1");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("requests")
  void leaves_the_stream_readable(ErrorCode code, String named, String attributes, String children)
      throws Exception {
    XmlPullParser stream =
        PacketParserUtils.getParserFor(
            """
            <stream xmlns='jabber:client'><iq type='set' id='1'>
            <conference-modify xmlns='jitsi:colibri2' %s>%s</conference-modify></iq>\
            <iq type='set' id='2'><conference-modify xmlns='jitsi:colibri2' meeting-id='m'/></iq>
            </stream>\
            """
                .formatted(attributes, children));
    stream.next();
    IQ bad = PacketParserUtils.parseIQ(stream);
    assertThatThrownBy(((ControlIq) bad)::request).isInstanceOf(ControlException.class);

    stream.next();
    ControlIq good = (ControlIq) PacketParserUtils.parseIQ(stream);

    assertThat(good.getStanzaId()).isEqualTo("2");
    assertThat(good.request().conferenceId()).isEqualTo("m");
  }

  private static Arguments request(
      ErrorCode code, String named, String attributes, String children) {
    return Arguments.of(code, named, attributes, children);
  }

  private static Arguments endpoint(ErrorCode code, String named, String children) {
    return request(
        code, named, CREATE, "<endpoint id='a' create='true'>%s</endpoint>".formatted(children));
  }
}
