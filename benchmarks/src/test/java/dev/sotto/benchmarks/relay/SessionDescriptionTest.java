package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.media.dtls.DtlsRole;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionDescriptionTest {

  /** What Janus 1.1.2 offered, shortened. */
  private static final String OFFER =
      """
      v=0
      o=- 1795438726656664 1 IN IP4 192.0.2.2
      s=VideoRoom 77
      t=0 0
      a=group:BUNDLE 0 1
      a=fingerprint:sha-256 5A:5F:56:01:31:B2:51:5E:6F:DB:E6:55:08:A4:7D:35:24:1F:B6:4C:B7:EC:D4:E1:A7:2F:ED:26:5D:C4:C7:EF
      a=ice-lite
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      c=IN IP4 192.0.2.2
      a=sendonly
      a=mid:0
      a=rtcp-mux
      a=ice-ufrag:Cdqt
      a=ice-pwd:st/Uk1AvkI+mCtmNcNaS4E
      a=setup:actpass
      a=rtpmap:111 opus/48000/2
      a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
      a=candidate:1 1 udp 2015363327 fd00::2 37780 typ host
      a=candidate:2 1 udp 2015363327 192.0.2.2 37781 typ host
      m=video 9 UDP/TLS/RTP/SAVPF 96 97
      c=IN IP4 192.0.2.2
      a=sendonly
      a=mid:1
      a=rtpmap:96 VP8/90000
      a=extmap:3/recvonly http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
      a=rtpmap:97 rtx/90000
      a=fmtp:97 apt=96
      """;

  private final SessionDescription offer = SessionDescription.parse(OFFER);

  @Test
  void the_transport_is_where_media_goes_over_ipv4() {
    RemoteTransport transport = offer.transport();
    assertThat(transport.address()).isEqualTo(new InetSocketAddress("192.0.2.2", 37781));
    assertThat(transport.credentials().ufrag()).isEqualTo("Cdqt");
    assertThat(transport.credentials().password()).isEqualTo("st/Uk1AvkI+mCtmNcNaS4E");
    assertThat(transport.fingerprints()).hasSize(1);
    assertThat(transport.role()).isEqualTo(DtlsRole.PASSIVE);
  }

  @Test
  void sections_tell_their_payload_types_and_extensions() {
    assertThat(offer.sections())
        .extracting(SessionDescription.Section::kind)
        .containsExactly("audio", "video");
    assertThat(offer.sections().get(1).payloadType("vp8/90000")).contains(96);
    assertThat(offer.sections().get(0).payloadType("VP8/90000")).isEmpty();
    assertThat(offer.transportNumbersId()).contains(3);
  }

  @Test
  void an_offer_without_what_a_peer_needs_is_refused() {
    assertThatThrownBy(() -> SessionDescription.parse("v=0\n").transport())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_answer_takes_all_and_leaves_the_handshake_to_the_server() throws Exception {
    Inet4Address local = Inet4Address.ofLiteral("127.0.0.1");
    try (LoadClient client = new LoadClient(local, false)) {
      Peer peer = client.newPeer(List.of(), 0);
      List<String> answer = offer.answer(peer).lines();
      assertThat(answer)
          .contains(
              "a=group:BUNDLE 0 1",
              "m=audio 9 UDP/TLS/RTP/SAVPF 111",
              "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
              "a=setup:passive",
              "a=recvonly",
              "a=ice-ufrag:" + peer.credentials().ufrag());
      assertThat(answer).noneMatch(line -> line.contains("transport-wide"));
    }
  }
}
