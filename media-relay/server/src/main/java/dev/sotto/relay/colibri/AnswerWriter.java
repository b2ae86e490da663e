package dev.sotto.relay.colibri;

import dev.sotto.relay.control.Candidate;
import dev.sotto.relay.control.ConferenceAnswer;
import dev.sotto.relay.control.FeedbackSources;
import dev.sotto.relay.control.Fingerprint;
import dev.sotto.relay.control.LocalTransport;
import dev.sotto.relay.control.Texts;
import org.jitsi.utils.MediaType;
import org.jitsi.xmpp.extensions.colibri.SourcePacketExtension;
import org.jitsi.xmpp.extensions.colibri2.Colibri2Endpoint;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifiedIQ;
import org.jitsi.xmpp.extensions.colibri2.MediaSource;
import org.jitsi.xmpp.extensions.colibri2.Sources;
import org.jitsi.xmpp.extensions.colibri2.Transport;
import org.jitsi.xmpp.extensions.jingle.CandidateType;
import org.jitsi.xmpp.extensions.jingle.DtlsFingerprintPacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceCandidatePacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceRtcpmuxPacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceUdpTransportPacketExtension;

/** Writes what came of a request as COLIBRI2's conference-modified. */
final class AnswerWriter {
  /** Names of the relay's own sources; Jitsi's focus takes any. */
  static final String FEEDBACK_AUDIO = "relay-a0";

  static final String FEEDBACK_VIDEO = "relay-v0";

  private AnswerWriter() {}

  /** Adds an answer to the response that is being built. */
  static ConferenceModifiedIQ write(
      ConferenceAnswer answer, ConferenceModifiedIQ.Builder response) {
    answer.endpoints().forEach(endpoint -> response.addEndpoint(endpoint(endpoint)));
    answer.feedback().ifPresent(feedback -> response.setSources(feedback(feedback)));
    return response.build();
  }

  private static Colibri2Endpoint endpoint(ConferenceAnswer.EndpointAnswer answer) {
    Colibri2Endpoint.Builder endpoint = Colibri2Endpoint.getBuilder();
    endpoint.setId(answer.endpointId());
    endpoint.setExpire(answer.expired());
    answer
        .transport()
        .ifPresent(transport ->
            endpoint.setTransport(
                Transport.getBuilder().setIceUdpExtension(iceUdp(transport)).build()));
    return endpoint.build();
  }

  private static IceUdpTransportPacketExtension iceUdp(LocalTransport transport) {
    IceUdpTransportPacketExtension ice = new IceUdpTransportPacketExtension();
    ice.setUfrag(transport.credentials().ufrag());
    ice.setPassword(transport.credentials().password());
    ice.addChildExtension(new IceRtcpmuxPacketExtension());
    for (Fingerprint fingerprint : transport.fingerprints()) {
      DtlsFingerprintPacketExtension element = new DtlsFingerprintPacketExtension();
      element.setHash(fingerprint.hash());
      element.setFingerprint(fingerprint.value());
      element.setSetup(Texts.lower(transport.setup()));
      ice.addChildExtension(element);
    }
    int number = 0;
    for (Candidate candidate : transport.candidates()) {
      ice.addCandidate(candidate(candidate, ++number));
    }
    return ice;
  }

  private static IceCandidatePacketExtension candidate(Candidate candidate, int number) {
    IceCandidatePacketExtension element = new IceCandidatePacketExtension();
    element.setID("candidate" + number);
    element.setComponent(IceCandidatePacketExtension.RTP_COMPONENT_ID);
    element.setFoundation(candidate.foundation());
    element.setGeneration(0);
    element.setNetwork(0);
    element.setProtocol("udp");
    element.setPriority(candidate.priority());
    element.setType(CandidateType.valueOf(Texts.lower(candidate.type())));
    element.setIP(candidate.address());
    element.setPort(candidate.port());
    candidate
        .related()
        .ifPresent(related -> {
          element.setRelAddr(related.address());
          element.setRelPort(related.port());
        });
    return element;
  }

  private static Sources feedback(FeedbackSources feedback) {
    return Sources.getBuilder()
        .addMediaSource(source(MediaType.AUDIO, FEEDBACK_AUDIO, feedback.audioSsrc()))
        .addMediaSource(source(MediaType.VIDEO, FEEDBACK_VIDEO, feedback.videoSsrc()))
        .build();
  }

  private static MediaSource source(MediaType type, String id, long ssrc) {
    SourcePacketExtension stream = new SourcePacketExtension();
    stream.setSSRC(ssrc);
    stream.setName(id);
    return MediaSource.getBuilder().setType(type).setId(id).addSource(stream).build();
  }
}
