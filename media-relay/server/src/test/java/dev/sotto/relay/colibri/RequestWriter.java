package dev.sotto.relay.colibri;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.relay.control.Candidate;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.Encoding;
import dev.sotto.relay.control.EndpointChange;
import dev.sotto.relay.control.EndpointSettings;
import dev.sotto.relay.control.Fingerprint;
import dev.sotto.relay.control.MediaDescription;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.ReceiveSlots;
import dev.sotto.relay.control.ReceiverConstraints;
import dev.sotto.relay.control.RemoteTransport;
import dev.sotto.relay.control.SourceDescription;
import dev.sotto.relay.control.SourceKind;
import dev.sotto.relay.control.Texts;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jitsi.utils.MediaType;
import org.jitsi.xmpp.extensions.colibri.SourcePacketExtension;
import org.jitsi.xmpp.extensions.colibri2.Colibri2Endpoint;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifyIQ;
import org.jitsi.xmpp.extensions.colibri2.ForceMute;
import org.jitsi.xmpp.extensions.colibri2.Media;
import org.jitsi.xmpp.extensions.colibri2.MediaSource;
import org.jitsi.xmpp.extensions.colibri2.Sources;
import org.jitsi.xmpp.extensions.colibri2.Transport;
import org.jitsi.xmpp.extensions.colibri2.json.Colibri2JSONSerializer;
import org.jitsi.xmpp.extensions.jingle.CandidateType;
import org.jitsi.xmpp.extensions.jingle.DtlsFingerprintPacketExtension;
import org.jitsi.xmpp.extensions.jingle.ExtmapAllowMixedPacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceCandidatePacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceRtcpmuxPacketExtension;
import org.jitsi.xmpp.extensions.jingle.IceUdpTransportPacketExtension;
import org.jitsi.xmpp.extensions.jingle.ParameterPacketExtension;
import org.jitsi.xmpp.extensions.jingle.PayloadTypePacketExtension;
import org.jitsi.xmpp.extensions.jingle.RTPHdrExtPacketExtension;
import org.jitsi.xmpp.extensions.jingle.RtcpFbPacketExtension;
import org.jitsi.xmpp.extensions.jingle.SourceGroupPacketExtension;
import org.jivesoftware.smack.packet.IQ;
import org.jxmpp.jid.impl.JidCreate;

/** The focus' side of COLIBRI2: writes requests with Jitsi's own classes and serialisers. */
final class RequestWriter {
  private RequestWriter() {}

  static String xml(ConferenceRequest request) {
    ConferenceModifyIQ iq = iq(request);
    iq.setFrom(JidCreate.fromOrThrowUnchecked("focus@relays.example.org/focus"));
    iq.setTo(JidCreate.fromOrThrowUnchecked("relay1@relays.example.org/relay"));
    iq.setType(IQ.Type.set);
    return iq.toXML().toString();
  }

  static String json(ConferenceRequest request) {
    ObjectNode json = Colibri2JSONSerializer.serializeConferenceModify(iq(request));
    for (int i = 0; i < request.endpoints().size(); i++) {
      ObjectNode endpoint = (ObjectNode) json.get("endpoints").get(i);
      switch (request.endpoints().get(i)) {
        case EndpointChange.Create create -> addKeys(create.settings(), endpoint);
        case EndpointChange.Modify modify -> addKeys(modify.settings(), endpoint);
        case EndpointChange.Expire _ -> {}
      }
    }
    return json.toString();
  }

  private static void addKeys(EndpointSettings settings, ObjectNode endpoint) {
    if (settings.transport().map(RemoteTransport::iceRestart).orElse(false)) {
      ((ObjectNode) endpoint.get("transport")).put("ice-restart", true);
    }
    settings.sources().ifPresent(sources -> addMids(sources, endpoint.get("sources")));
    settings
        .slots()
        .ifPresent(slots -> {
          ObjectNode object = endpoint.putObject("receive-slots");
          addSlots(slots.audio(), object.putArray("audio"));
          addSlots(slots.video(), object.putArray("video"));
        });
    settings.constraints().ifPresent(c -> addConstraints(c, endpoint.putObject("constraints")));
  }

  private static void addMids(List<SourceDescription> sources, JsonNode array) {
    for (int i = 0; i < sources.size(); i++) {
      ObjectNode object = (ObjectNode) array.get(i);
      sources.get(i).mid().ifPresent(mid -> object.put("mid", mid));
    }
  }

  private static void addSlots(List<ReceiveSlots.Slot> slots, ArrayNode array) {
    for (ReceiveSlots.Slot slot : slots) {
      ObjectNode object = array.addObject().put("ssrc", slot.ssrc());
      slot.rtxSsrc().ifPresent(rtx -> object.put("rtx-ssrc", rtx));
    }
  }

  private static void addConstraints(ReceiverConstraints constraints, ObjectNode object) {
    constraints.videoLastN().ifPresent(n -> object.put("last-n", n));
    constraints.audioLastN().ifPresent(n -> object.put("audio-last-n", n));
    constraints.maxHeight().ifPresent(height -> object.put("max-height", height));
    ArrayNode sources = object.putArray("sources");
    for (String id : named(constraints)) {
      ObjectNode source = sources.addObject().put("id", id);
      if (constraints.maxHeights().containsKey(id)) {
        source.put("max-height", constraints.maxHeights().get(id));
      }
      source.put("pinned", constraints.pinned().contains(id));
    }
  }

  private static Set<String> named(ReceiverConstraints constraints) {
    Set<String> named = new TreeSet<>(constraints.maxHeights().keySet());
    named.addAll(constraints.pinned());
    return named;
  }

  private static ConferenceModifyIQ iq(ConferenceRequest request) {
    ConferenceModifyIQ.Builder iq =
        ConferenceModifyIQ.builder("id1")
            .setMeetingId(request.conferenceId())
            .setConferenceName(request.name().orElse(null))
            .setCreate(request.action() == ConferenceRequest.Action.CREATE)
            .setExpire(request.action() == ConferenceRequest.Action.EXPIRE);
    for (EndpointChange change : request.endpoints()) {
      Colibri2Endpoint.Builder endpoint = Colibri2Endpoint.getBuilder();
      endpoint.setId(change.endpointId());
      iq.addEndpoint(
          switch (change) {
            case EndpointChange.Create create -> {
              endpoint.setCreate(true);
              yield settings(create.settings(), endpoint);
            }
            case EndpointChange.Modify modify -> settings(modify.settings(), endpoint);
            case EndpointChange.Expire _ -> {
              endpoint.setExpire(true);
              yield endpoint.build();
            }
          });
    }
    return iq.build();
  }

  private static Colibri2Endpoint settings(
      EndpointSettings settings, Colibri2Endpoint.Builder endpoint) {
    settings.media().forEach(media -> endpoint.addMedia(media(media)));
    settings.transport().ifPresent(transport -> endpoint.setTransport(transport(transport)));
    settings.sources().ifPresent(sources -> endpoint.setSources(sources(sources)));
    settings
        .forcedMute()
        .ifPresent(mute -> endpoint.setForceMute(new ForceMute(mute.audio(), mute.video())));
    Colibri2Endpoint element = endpoint.build();
    settings.slots().ifPresent(slots -> element.addChildExtension(slots(slots)));
    settings.constraints().ifPresent(c -> element.addChildExtension(constraints(c)));
    return element;
  }

  private static Media media(MediaDescription media) {
    Media.Builder builder = Media.getBuilder().setType(type(media.kind()));
    media
        .payloadTypes()
        .forEach(type -> {
          PayloadTypePacketExtension element = new PayloadTypePacketExtension();
          element.setId(type.number());
          element.setName(type.name());
          element.setClockrate(type.clockRateHz());
          element.setChannels(type.channels());
          type.parameters()
              .forEach((name, value) ->
                  element.addParameter(
                      new ParameterPacketExtension(name.isEmpty() ? null : name, value)));
          type.feedback()
              .forEach(feedback -> {
                RtcpFbPacketExtension fb = new RtcpFbPacketExtension();
                fb.setFeedbackType(feedback.type());
                feedback.subtype().ifPresent(fb::setFeedbackSubtype);
                element.addRtcpFeedbackType(fb);
              });
          builder.addPayloadType(element);
        });
    media
        .headerExtensions()
        .forEach(extension -> {
          RTPHdrExtPacketExtension element = new RTPHdrExtPacketExtension();
          element.setID(Integer.toString(extension.number()));
          element.setURI(URI.create(extension.uri()));
          builder.addRtpHdrExt(element);
        });
    if (media.extmapAllowMixed()) {
      builder.setExtmapAllowMixed(new ExtmapAllowMixedPacketExtension());
    }
    return builder.build();
  }

  private static Transport transport(RemoteTransport transport) {
    IceUdpTransportPacketExtension ice = new IceUdpTransportPacketExtension();
    transport
        .credentials()
        .ifPresent(credentials -> {
          ice.setUfrag(credentials.ufrag());
          ice.setPassword(credentials.password());
        });
    ice.addChildExtension(new IceRtcpmuxPacketExtension());
    for (Fingerprint fingerprint : transport.fingerprints()) {
      DtlsFingerprintPacketExtension element = new DtlsFingerprintPacketExtension();
      element.setHash(fingerprint.hash());
      element.setFingerprint(fingerprint.value());
      transport.setup().ifPresent(setup -> element.setSetup(Texts.lower(setup)));
      ice.addChildExtension(element);
    }
    for (Candidate candidate : transport.candidates()) {
      IceCandidatePacketExtension element = new IceCandidatePacketExtension();
      element.setComponent(1);
      element.setFoundation(candidate.foundation());
      element.setPriority(candidate.priority());
      element.setIP(candidate.address());
      element.setPort(candidate.port());
      element.setProtocol("udp");
      element.setType(CandidateType.valueOf(Texts.lower(candidate.type())));
      candidate
          .related()
          .ifPresent(related -> {
            element.setRelAddr(related.address());
            element.setRelPort(related.port());
          });
      ice.addCandidate(element);
    }
    Transport element = Transport.getBuilder().setIceUdpExtension(ice).build();
    if (transport.iceRestart()) {
      element.setAttribute("ice-restart", true);
    }
    return element;
  }

  private static Sources sources(List<SourceDescription> sources) {
    Sources.Builder builder = Sources.getBuilder();
    sources.forEach(source -> builder.addMediaSource(source(source)));
    return builder.build();
  }

  private static MediaSource source(SourceDescription source) {
    MediaSource.Builder builder =
        MediaSource.getBuilder().setType(type(source.kind().media())).setId(source.id());
    SourceGroupPacketExtension layers = SourceGroupPacketExtension.createSimulcastGroup();
    for (Encoding encoding : source.encodings()) {
      SourcePacketExtension stream = new SourcePacketExtension();
      encoding.ssrc().ifPresent(stream::setSSRC);
      encoding.rid().ifPresent(stream::setRid);
      describe(stream, source);
      builder.addSource(stream);
      encoding.ssrc().ifPresent(ssrc -> layers.addSources(List.of(bare(ssrc))));
      encoding
          .rtxSsrc()
          .ifPresent(ssrc -> {
            SourcePacketExtension rtx = bare(ssrc);
            describe(rtx, source);
            builder.addSource(rtx);
            SourceGroupPacketExtension pair = new SourceGroupPacketExtension();
            pair.setSemantics(SourceGroupPacketExtension.SEMANTICS_FID);
            pair.addSources(List.of(bare(encoding.ssrc().orElseThrow()), bare(ssrc)));
            builder.addSsrcGroup(pair);
          });
    }
    if (layers.getSources().size() > 1) {
      builder.addSsrcGroup(layers);
    }
    MediaSource element = builder.build();
    source
        .mid()
        .ifPresent(mid -> element.addChildExtension(new SottoElement(SottoElement.MID, mid)));
    return element;
  }

  private static void describe(SourcePacketExtension stream, SourceDescription source) {
    // Jitsi's serialiser writes the video type only of streams that have a name.
    stream.setName(source.id());
    if (source.kind() != SourceKind.AUDIO) {
      stream.setVideoType(source.kind() == SourceKind.SCREEN ? "desktop" : "camera");
    }
  }

  private static SourcePacketExtension bare(long ssrc) {
    SourcePacketExtension stream = new SourcePacketExtension();
    stream.setSSRC(ssrc);
    return stream;
  }

  private static SottoElement slots(ReceiveSlots slots) {
    SottoElement element = new SottoElement(SottoElement.RECEIVE_SLOTS);
    slots.audio().forEach(slot -> element.addChildExtension(slot("audio", slot)));
    slots.video().forEach(slot -> element.addChildExtension(slot("video", slot)));
    return element;
  }

  private static SottoElement slot(String type, ReceiveSlots.Slot slot) {
    SottoElement element = new SottoElement(SottoElement.SLOT);
    element.setAttribute("type", type);
    element.setAttribute("ssrc", slot.ssrc());
    slot.rtxSsrc().ifPresent(rtx -> element.setAttribute("rtx-ssrc", rtx));
    return element;
  }

  private static SottoElement constraints(ReceiverConstraints constraints) {
    SottoElement element = new SottoElement(SottoElement.CONSTRAINTS);
    constraints.videoLastN().ifPresent(n -> element.setAttribute("last-n", n));
    constraints.audioLastN().ifPresent(n -> element.setAttribute("audio-last-n", n));
    constraints.maxHeight().ifPresent(height -> element.setAttribute("max-height", height));
    for (String id : named(constraints)) {
      SottoElement source = new SottoElement(SottoElement.SOURCE);
      source.setAttribute("id", id);
      source.setAttribute("max-height", constraints.maxHeights().get(id));
      source.setAttribute("pinned", constraints.pinned().contains(id));
      element.addChildExtension(source);
    }
    return element;
  }

  private static MediaType type(MediaKind kind) {
    return kind == MediaKind.AUDIO ? MediaType.AUDIO : MediaType.VIDEO;
  }
}
