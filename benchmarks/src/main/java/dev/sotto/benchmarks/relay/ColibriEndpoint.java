package dev.sotto.benchmarks.relay;

import dev.sotto.media.dtls.DtlsRole;
import dev.sotto.media.dtls.Fingerprint;
import dev.sotto.media.ice.IceCredentials;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One participant in COLIBRI2's JSON (COLIBRI.md). */
final class ColibriEndpoint {

  private static final int FIRST_SLOT_SSRC = 1_000_000;

  private static final int HEIGHT = 720;

  private ColibriEndpoint() {}

  static Map<String, Object> of(Meeting meeting, int participant, Peer peer) {
    String id = "p" + participant;
    Map<String, Object> endpoint = new LinkedHashMap<>();
    endpoint.put("id", id);
    endpoint.put("create", true);
    endpoint.put("transport", Map.of("transport", transport(peer)));
    endpoint.put("medias", List.of(media(Medium.AUDIO), media(Medium.VIDEO)));
    endpoint.put("sources", peer.media().sources().stream().map(it -> source(id, it)).toList());
    endpoint.put(
        "receive-slots",
        Map.of(
            "audio", slots(FIRST_SLOT_SSRC, meeting.gets(participant, Medium.AUDIO)),
            "video", slots(2 * FIRST_SLOT_SSRC, meeting.gets(participant, Medium.VIDEO))));
    endpoint.put(
        "constraints",
        Map.of("audio-last-n", Meeting.OPEN_MICROPHONES, "max-height", HEIGHT));
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

  private static Map<String, Object> media(Medium medium) {
    String[] map = medium.rtpMap().split("/", -1);
    Map<String, Object> payloadType = new LinkedHashMap<>();
    payloadType.put("id", medium.payloadType());
    payloadType.put("name", map[0]);
    payloadType.put("clockrate", medium.clockRateHz());
    payloadType.put("rtcp-fbs", List.of(Map.of("type", "transport-cc")));
    if (map.length > 2) {
      payloadType.put("channels", Integer.parseInt(map[2]));
    }
    List<Map<String, Object>> extensions = new ArrayList<>();
    if (medium == Medium.AUDIO) {
      extensions.add(extension(Medium.AUDIO_LEVEL_ID));
    }
    extensions.add(extension(Medium.TRANSPORT_SEQUENCE_NUMBER_ID));
    return Map.of(
        "type", medium.sdpName(),
        "payload-types", List.of(payloadType),
        "rtp-hdrexts", extensions);
  }

  private static Map<String, Object> extension(int id) {
    return Map.of("id", id, "uri", Medium.extension(id));
  }

  private static Map<String, Object> source(String endpoint, RtpSource source) {
    String name = source.medium().sdpName();
    return Map.of(
        "type",
        name,
        "id",
        endpoint + "-" + name.charAt(0) + "0",
        "sources",
        List.of(source.ssrc()));
  }

  private static List<Map<String, Object>> slots(int firstSsrc, int count) {
    List<Map<String, Object>> slots = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      slots.add(Map.of("ssrc", firstSsrc + i));
    }
    return slots;
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
        new InetSocketAddress(
            text(candidate, "ip"), Integer.parseInt(text(candidate, "port"))),
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
