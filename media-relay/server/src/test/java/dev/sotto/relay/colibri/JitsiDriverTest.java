package dev.sotto.relay.colibri;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.relay.control.DtlsSetup;
import dev.sotto.relay.control.Encoding;
import dev.sotto.relay.control.EndpointState;
import dev.sotto.relay.control.ForcedMute;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.SourceKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jivesoftware.smack.packet.IQ;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Requests with the parts, and in the order, in which Jitsi's focus sends them. */
@DisplayName("A driver that was made for Jitsi's bridge")
class JitsiDriverTest {
  private static final String FINGERPRINT = "BB:".repeat(31) + "BF";

  private final TestRelay relay = new TestRelay();

  @BeforeEach
  void allocates_an_endpoint() {
    done(
        "meeting-id='beccf2ed' name='call@conference.example.org' create='true'"
            + " rtcstats-enabled='false'",
        """
        <endpoint id='79f0273e' create='true' stats-id='Garett-w1o' muc-role='visitor'>
          <media type='audio'>
            <payload-type xmlns='urn:xmpp:jingle:apps:rtp:1' id='112' name='red'
                clockrate='48000' channels='2'><parameter value='111/111'/></payload-type>
            <payload-type xmlns='urn:xmpp:jingle:apps:rtp:1' id='111' name='opus'
                clockrate='48000' channels='2'><parameter name='minptime' value='10'/>
              <rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='transport-cc'/>
            </payload-type>
            <rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1'
                uri='urn:ietf:params:rtp-hdrext:ssrc-audio-level'/>
            <extmap-allow-mixed xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0'/>
          </media>
          <media type='video'>
            <payload-type xmlns='urn:xmpp:jingle:apps:rtp:1' id='100' name='VP8'
                clockrate='90000'>
              <rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='nack' subtype='pli'/>
            </payload-type>
          </media>
          <transport ice-controlling='true'/>
          <sources/>
          <force-mute audio='true'/>
          <initial-last-n value='-1'/>
          <capability name='source-names'/>
          <capability name='ssrc-rewriting'/>
        </endpoint>
        <connects/>\
        """);
  }

  @Test
  void gets_an_endpoint() {
    EndpointState endpoint = endpoint();

    assertThat(endpoint.media().get(MediaKind.AUDIO).payloadTypes())
        .extracting(type -> type.parameters().values().iterator().next())
        .containsExactly("111/111", "10");
    assertThat(endpoint.media().get(MediaKind.AUDIO).extmapAllowMixed()).isTrue();
    assertThat(endpoint.media().get(MediaKind.VIDEO).payloadTypes().getFirst().channels())
        .isEqualTo(1);
    assertThat(endpoint.forcedMute()).isEqualTo(new ForcedMute(true, false));
    assertThat(endpoint.constraints().videoLastN()).isEqualTo(OptionalInt.empty());
    assertThat(relay.plans.getLast().name()).contains("call@conference.example.org");
  }

  @Test
  void tells_transport_and_sources_of_a_browser() {
    done(
        "meeting-id='beccf2ed'",
        """
        <endpoint id='79f0273e' stats-id='Garett-w1o'>
          <transport>
            <transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='sXoJ'
                pwd='PirYicPKtYw4+mkIUOm1wWQm'>
              <fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' setup='active' hash='sha-256'
                  required='false' cryptex='true'>%s</fingerprint>
              <rtcp-mux/>
              <web-socket xmlns='http://jitsi.org/protocol/colibri' active='true'/>
              <candidate component='1' foundation='1234' generation='0' id='x' network='1'
                  priority='2122260223' protocol='udp' type='host' ip='6f3-a.local' port='40000'/>
              <candidate component='1' foundation='99' generation='0' id='y' network='1'
                  priority='1518280447' protocol='tcp' type='host' tcptype='active'
                  ip='192.0.2.9' port='9'/>
            </transport>
          </transport>
          <sources>
            <media-source type='audio' id='79f0273e-a0'>
              <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' name='79f0273e-a0' ssrc='10'/>
            </media-source>
            <media-source type='video' id='79f0273e-v0'>
              <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='21' videoType='desktop'>
                <parameter xmlns='urn:xmpp:jingle:apps:rtp:1' name='msid' value='s t'/></source>
              <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='22'/>
              <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='31'/>
              <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='32'/>
              <ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='FID'>
                <source ssrc='31'/><source ssrc='32'/></ssrc-group>
              <ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='SIM'>
                <source ssrc='31'/><source ssrc='21'/></ssrc-group>
              <ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='FID'>
                <source ssrc='21'/><source ssrc='22'/></ssrc-group>
            </media-source>
          </sources>
        </endpoint>\
        """
            .formatted(FINGERPRINT));

    EndpointState endpoint = endpoint();
    assertThat(endpoint.transport().setup()).contains(DtlsSetup.ACTIVE);
    assertThat(endpoint.transport().fingerprints().getFirst().value()).isEqualTo(FINGERPRINT);
    assertThat(endpoint.transport().candidates())
        .as("TCP candidates are nothing to a relay of UDP")
        .singleElement()
        .satisfies(candidate -> assertThat(candidate.address()).isEqualTo("6f3-a.local"));
    assertThat(endpoint.sources().getLast().kind()).isEqualTo(SourceKind.SCREEN);
    assertThat(endpoint.sources().getLast().encodings())
        .containsExactly(encoding(31, 32), encoding(21, 22));
  }

  @Test
  void mutes_and_expires_endpoints_and_ends_the_conference() {
    done("meeting-id='beccf2ed'", "<endpoint id='79f0273e'><force-mute video='true'/></endpoint>");
    assertThat(endpoint().forcedMute()).isEqualTo(new ForcedMute(false, true));

    done("meeting-id='beccf2ed'", "<endpoint id='79f0273e' expire='true'/>");
    assertThat(relay.directory.endpoints("beccf2ed")).isEmpty();

    done("meeting-id='beccf2ed' expire='true'", "");
    assertThat(relay.directory.conferenceIds()).isEmpty();
  }

  private static Encoding encoding(long ssrc, long rtxSsrc) {
    return new Encoding(OptionalLong.of(ssrc), Optional.empty(), OptionalLong.of(rtxSsrc));
  }

  private EndpointState endpoint() {
    List<EndpointState> endpoints = relay.directory.endpoints("beccf2ed");
    assertThat(endpoints).hasSize(1);
    return endpoints.getFirst();
  }

  private void done(String attributes, String children) {
    IQ answer =
        new XmppControl(relay, _ -> true)
            .handle(Stanzas.parseRequest(attributes, children))
            .toCompletableFuture()
            .join();
    assertThat(answer.getType()).as(answer.toXML().toString()).isEqualTo(IQ.Type.result);
  }
}
