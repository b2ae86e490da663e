package dev.sotto.benchmarks.relay;

import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.media.dtls.Fingerprint;
import dev.sotto.media.ice.IceCredentials;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One participant in COLIBRI2's JSON (COLIBRI.md). */
final class ColibriEndpoint {

  private static final int FIRST_SLOT_SSRC = 1_000_000;

  private static final Map<String, Object> RTX =
      Map.of(
          "id",
          Medium.RTX_PAYLOAD_TYPE,
          "name",
          "rtx",
          "clockrate",
          Medium.VIDEO.clockRateHz(),
          "parameters",
          Map.of("apt", Integer.toString(Medium.VIDEO.payloadType())));

  private static final int HEIGHT = 720;

  private ColibriEndpoint() {}

  static Map<String, Object> of(Meeting meeting, int participant, Peer peer) {
    String id = "p" + participant;
    Map<String, Object> endpoint = new LinkedHashMap<>();
    endpoint.put("id", id);
    endpoint.put("create", true);
    endpoint.put("transport", Map.of("transport", transport(peer)));
    endpoint.put("medias", List.of(media(Medium.AUDIO, peer), media(Medium.VIDEO, peer)));
    endpoint.put("sources", peer.media().sources().stream().map(it -> source(id, it)).toList());
    endpoint.put(
        "receive-slots",
        Map.of(
            "audio", audioSlots(meeting.gets(participant, Medium.AUDIO)),
            "video", videoSlots(meeting.gets(participant, Medium.VIDEO))));
    endpoint.put(
        "constraints", Map.of("audio-last-n", Meeting.OPEN_MICROPHONES, "max-height", HEIGHT));
    return endpoint;
  }

  private static Map<String, Object> transport(Peer peer) {
    return Map.of(
        "xmlns",
        "urn:xmpp:jingle:transports:ice-udp:1",
        "rtcp-mux",
        true,
        "ufrag",
        peer.credentials().ufrag(),
        "pwd",
        peer.credentials().password(),
        "fingerprints",
        List.of(
            Map.of(
                "hash",
                peer.fingerprint().hash().token(),
                "setup",
                "active",
                "fingerprint",
                peer.fingerprint().value())));
  }

  private static Map<String, Object> media(Medium medium, Peer peer) {
    boolean transport = peer.media().offersTransportFeedback();
    String[] map = medium.rtpMap().split("/", -1);
    Map<String, Object> payloadType = new LinkedHashMap<>();
    payloadType.put("id", medium.payloadType());
    payloadType.put("name", map[0]);
    payloadType.put("clockrate", medium.clockRateHz());
    payloadType.put("rtcp-fbs", feedback(medium, transport));
    if (map.length > 2) {
      payloadType.put("channels", Integer.parseInt(map[2]));
    }
    List<Map<String, Object>> extensions = new ArrayList<>();
    if (medium == Medium.AUDIO) {
      extensions.add(extension(Medium.AUDIO_LEVEL_ID));
    }
    if (transport) {
      extensions.add(extension(Medium.TRANSPORT_SEQUENCE_NUMBER_ID));
    }
    return Map.of(
        "type",
        medium.sdpName(),
        "payload-types",
        medium == Medium.VIDEO ? List.of(payloadType, RTX) : List.of(payloadType),
        "rtp-hdrexts",
        extensions);
  }

  private static List<Map<String, Object>> feedback(Medium medium, boolean transport) {
    List<Map<String, Object>> feedback = new ArrayList<>();
    if (transport) {
      feedback.add(Map.of("type", "transport-cc"));
    }
    if (medium == Medium.VIDEO) {
      feedback.add(Map.of("type", "nack"));
      feedback.add(Map.of("type", "nack", "subtype", "pli"));
    }
    return feedback;
  }

  private static Map<String, Object> extension(int id) {
    return Map.of("id", id, "uri", Medium.extension(id));
  }

  private static Map<String, Object> source(String endpoint, RtpSource source) {
    String kind = source.medium().sdpName();
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("type", kind);
    described.put("id", endpoint + "-" + kind.charAt(0) + "0");
    if (source.medium() == Medium.AUDIO) {
      described.put("sources", List.of(source.ssrc()));
    } else {
      List<Integer> ssrcs = List.of(source.ssrc(), source.rtxSsrc());
      described.put("sources", ssrcs);
      described.put("ssrc-groups", List.of(Map.of("semantics", "FID", "sources", ssrcs)));
    }
    return described;
  }

  private static List<Map<String, Object>> audioSlots(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Map.<String, Object>of("ssrc", FIRST_SLOT_SSRC + i))
        .toList();
  }

  private static List<Map<String, Object>> videoSlots(int count) {
    int first = 2 * FIRST_SLOT_SSRC;
    return IntStream.range(0, count)
        .mapToObj(i -> Map.<String, Object>of("ssrc", first + 2 * i, "rtx-ssrc", first + 2 * i + 1))
        .toList();
  }

  /**
   * Where the relay takes the first endpoint's media.
   *
   * @throws IllegalArgumentException when its answer does not say
   */
  static RemoteTransport transport(Map<String, Object> answer) {
    Map<?, ?> endpoint = first(answer, "endpoints");
    Map<?, ?> transport = object(object(endpoint, "transport"), "transport");
    Map<?, ?> fingerprint = first(transport, "fingerprints");
    Map<?, ?> candidate = first(transport, "candidates");
    return new RemoteTransport(
        new InetSocketAddress(text(candidate, "ip"), Integer.parseInt(text(candidate, "port"))),
        new IceCredentials(text(transport, "ufrag"), text(transport, "pwd")),
        List.of(Fingerprint.parse(text(fingerprint, "hash"), text(fingerprint, "fingerprint"))),
        DtlsRole.ACTIVE);
  }

  private static Map<?, ?> first(Map<?, ?> from, String key) {
    return from.get(key) instanceof List<?> list && list.getFirst() instanceof Map<?, ?> map
        ? map
        : Map.of();
  }

  private static Map<?, ?> object(Map<?, ?> from, String key) {
    return from.get(key) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String text(Map<?, ?> from, String key) {
    Object value = from.get(key);
    if (value == null) {
      throw new IllegalArgumentException("the relay's answer has no " + key);
    }
    return value.toString();
  }
}
