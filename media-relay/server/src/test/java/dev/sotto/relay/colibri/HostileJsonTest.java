package dev.sotto.relay.colibri;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A hostile request in JSON")
class HostileJsonTest {
  private final TestRelay relay = new TestRelay();
  private final RestControl rest = new RestControl(relay);

  static Stream<Arguments> bodies() {
    return Stream.of(
        body(400, "BAD_REQUEST", "not a JSON object", ""),
        body(400, "BAD_REQUEST", "not JSON", "{"),
        body(400, "BAD_REQUEST", "not JSON", "{} {}"),
        body(400, "BAD_REQUEST", "not JSON", "{'meeting-id': 1}"),
        body(400, "BAD_REQUEST", "not JSON", "{\"a\": NaN}"),
        body(400, "BAD_REQUEST", "Duplicate", "{\"meeting-id\": \"m\", \"meeting-id\": \"n\"}"),
        body(400, "BAD_REQUEST", "Duplicate", "{\"endpoints\": [{\"id\": \"a\", \"id\": \"b\"}]}"),
        body(400, "BAD_REQUEST", "not a JSON object", "[]"),
        body(400, "BAD_REQUEST", "not a JSON object", "null"),
        body(413, "LIMIT_LENGTH", "depth", "[".repeat(100_000)),
        body(413, "LIMIT_LENGTH", "depth", "{\"a\":".repeat(100_000)),
        body(413, "LIMIT_LENGTH", "umber", "{\"a\": " + "9".repeat(1_000) + "}"),
        body(413, "LIMIT_LENGTH", "tring", "{\"name\": \"" + "x".repeat(100_000) + "\"}"),
        body(413, "LIMIT_LENGTH", "exceeds", "{\"" + "x".repeat(100_000) + "\": 1}"),
        body(413, "LIMIT_LENGTH", "bytes", "x".repeat((1 << 20) + 1)),
        body(413, "LIMIT_LENGTH", "conference id", "{\"meeting-id\": \"" + "x".repeat(300) + "\"}"),
        body(400, "BAD_REQUEST", "control characters", "{\"meeting-id\": \"a\\u0000\"}"),
        body(400, "BAD_REQUEST", "control characters", "{\"meeting-id\": \"a\\ud800\"}"),
        body(400, "BAD_REQUEST", "'x'", with("\"x\": 1")),
        body(400, "BAD_REQUEST", "endpoints", with("\"endpoints\": {}")),
        body(400, "BAD_REQUEST", "endpoints[0]", with("\"endpoints\": [null]")),
        body(400, "BAD_REQUEST", "create", with("\"create\": \"true\"")),
        body(400, "BAD_REQUEST", "create", with("\"create\": null")),
        body(400, "BAD_REQUEST", "name", with("\"name\": 1")),
        body(400, "BAD_REQUEST", "has no id", with("\"endpoints\": [{}]")),
        body(400, "BAD_REQUEST", "expire", with("\"expire\": true")),
        body(501, "NOT_IMPLEMENTED", "relays", with("\"relays\": [{\"id\": \"r\"}]")),
        body(501, "NOT_IMPLEMENTED", "connects", with("\"connects\": [{\"url\": \"wss://x\"}]")),
        endpoint(400, "'y'", "\"y\": 1"),
        endpoint(400, "expire goes with nothing else", "\"expire\": true"),
        endpoint(400, "muc-role", "\"muc-role\": \"king\""),
        endpoint(400, "initial-last-n", "\"initial-last-n\": 3"),
        endpoint(400, "initial-last-n", "\"initial-last-n\": {\"value\": 1e3}"),
        endpoint(400, "initial-last-n", "\"initial-last-n\": {\"value\": 99999999999}"),
        endpoint(400, "last-n of video", "\"initial-last-n\": {\"value\": -2}"),
        endpoint(
            400,
            "initial-last-n and constraints",
            "\"initial-last-n\": {\"value\": 1}, \"constraints\": {}"),
        endpoint(400, "force-mute", "\"force-mute\": {\"audio\": 1}"),
        endpoint(501, "sctp", "\"transport\": {\"sctp\": {}}"),
        endpoint(501, "use-unique-port", "\"transport\": {\"use-unique-port\": true}"),
        endpoint(400, "xmlns", "\"transport\": {\"transport\": {\"ufrag\": \"abcd\"}}"),
        ice(400, "ufrag and pwd", "\"ufrag\": \"abcd\""),
        ice(400, "pwd", "\"ufrag\": \"abcd\", \"pwd\": 17"),
        ice(400, "candidates[0] has no", "\"candidates\": [{}]"),
        ice(400, "candidates[0]", "\"candidates\": [1]"),
        ice(400, "component", candidate("2", "udp", "host")),
        ice(400, "protocol", candidate("1", "sctp", "host")),
        ice(400, "type", candidate("1", "udp", "guest")),
        ice(400, "fingerprints[0] has no", "\"fingerprints\": [{\"hash\": \"sha-256\"}]"),
        ice(
            400,
            "setup",
            "\"fingerprints\": [{\"hash\": \"sha-256\", \"fingerprint\": \"AB\","
                + " \"setup\": \"holdconn\"}]"),
        ice(400, "rtcp-mux", "\"rtcp-mux\": \"yes\""),
        ice(400, "web-sockets[0]", "\"web-sockets\": [1]"),
        endpoint(400, "medias[0].type", "\"medias\": [{\"type\": \"application\"}]"),
        endpoint(
            400, "described twice", "\"medias\": [{\"type\": \"audio\"}, {\"type\": \"audio\"}]"),
        media(400, "payload-types[0].id", "\"payload-types\": [{\"id\": \"x\", \"name\": \"a\"}]"),
        media(
            400,
            "payload-types[0] has no clockrate",
            "\"payload-types\": [{\"id\": 1, \"name\": \"a\"}]"),
        media(
            400,
            "parameters",
            "\"payload-types\": [{\"id\": 1, \"name\": \"a\", \"clockrate\": 1,"
                + " \"parameters\": {\"p\": {}}}]"),
        media(400, "rtp-hdrexts[0].id", "\"rtp-hdrexts\": [{\"id\": \"1\", \"uri\": \"urn:a\"}]"),
        media(400, "rtp-hdrexts[0].uri", "\"rtp-hdrexts\": [{\"id\": 1, \"uri\": \"not a uri\"}]"),
        source(400, "sources[0].sources[0]", "\"sources\": [4294967296]"),
        source(400, "sources[0].sources[0]", "\"sources\": [0]"),
        source(400, "sources[0].sources[0]", "\"sources\": [-1]"),
        source(400, "sources[0].sources[0]", "\"sources\": [\"0x1\"]"),
        source(400, "sources[0].sources[0]", "\"sources\": [1.5]"),
        source(400, "sources[0].sources[0]", "\"sources\": [null]"),
        source(409, "listed twice", "\"sources\": [1, 1]"),
        source(400, "no encoding", "\"sources\": []"),
        source(400, "its mid and RIDs", "\"sources\": [{\"name\": \"s\"}]"),
        source(400, "not listed", "\"sources\": [1]," + group("FID", "1, 2")),
        source(400, "a stream and its", "\"sources\": [1]," + group("FID", "1")),
        source(400, "retransmission", "\"sources\": [1, 2, 3]," + groups("[1, 2]", "[2, 3]")),
        source(400, "two FID groups", "\"sources\": [1, 2, 3]," + groups("[1, 2]", "[1, 3]")),
        source(400, "not in its SIM group", "\"sources\": [1, 2, 3]," + group("SIM", "1, 2")),
        source(400, "twice", "\"sources\": [1, 2]," + group("SIM", "1, 2, 2")),
        source(400, "is empty", "\"sources\": [1]," + group("SIM", "")),
        source(501, "FEC-FR", "\"sources\": [1, 2]," + group("FEC-FR", "1, 2")),
        source(501, "synthetic", "\"synthetic\": true"),
        source(
            400,
            "camera and desktop",
            "\"sources\": [{\"ssrc\": 1, \"videoType\": \"camera\"},"
                + " {\"ssrc\": 2, \"videoType\": \"desktop\"}]"),
        endpoint(
            400,
            "has a videoType",
            "\"sources\": [{\"id\": \"s\", \"type\": \"audio\","
                + " \"sources\": [{\"ssrc\": 1, \"videoType\": \"camera\"}]}]"),
        endpoint(400, "receive-slots", "\"receive-slots\": []"),
        endpoint(400, "video[0].ssrc", "\"receive-slots\": {\"video\": [{\"ssrc\": 0}]}"),
        endpoint(400, "video[0] has no ssrc", "\"receive-slots\": {\"video\": [{}]}"),
        endpoint(400, "'z'", "\"receive-slots\": {\"z\": []}"),
        endpoint(400, "last-n", "\"constraints\": {\"last-n\": \"3\"}"),
        endpoint(
            400, "twice", "\"constraints\": {\"sources\": [{\"id\": \"s\"}, {\"id\": \"s\"}]}"));
  }

  @ParameterizedTest(name = "{1}: {2}")
  @MethodSource("bodies")
  void is_refused_with_a_message_that_names_the_fault_and_changes_nothing(
      int status, String code, String named, String body) throws Exception {
    RestAnswer answer = post(body.getBytes(StandardCharsets.UTF_8));

    JsonNode error = new ObjectMapper().readTree(answer.body()).get("error");
    assertThat(error.get("message").textValue()).contains(named).hasSizeLessThan(600);
    assertThat(error.get("code").textValue()).isEqualTo(code);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(relay.plans).isEmpty();
    assertThat(relay.directory.conferenceIds()).isEmpty();
  }

  @Test
  void of_bytes_that_are_no_utf_8_is_refused() throws Exception {
    byte[] latin = "{\"meeting-id\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    byte[] wide = "{\"meeting-id\": \"m\"}".getBytes(StandardCharsets.UTF_16);

    assertThat(post(latin).body()).contains("not UTF-8");
    assertThat(post(wide).body()).contains("not UTF-8");
  }

  @Test
  void that_is_right_in_its_first_endpoint_and_wrong_in_its_second_does_nothing() throws Exception {
    String body = with("\"endpoints\": [{\"id\": \"a\", \"create\": true}, {\"id\": \"b\"}]");

    assertThat(post(body.getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(404);
    assertThat(relay.directory.conferenceIds()).isEmpty();
  }

  private RestAnswer post(byte[] body) throws Exception {
    return rest.handle("POST", RestControl.PATH, body).toCompletableFuture().get();
  }

  private static Arguments body(int status, String code, String named, String body) {
    return Arguments.of(status, code, named, body);
  }

  private static Arguments endpoint(int status, String named, String keys) {
    String code =
        switch (status) {
          case 501 -> "NOT_IMPLEMENTED";
          case 409 -> "SSRC_CONFLICT";
          default -> "BAD_REQUEST";
        };
    return body(
        status,
        code,
        named,
        with("\"endpoints\": [{\"id\": \"a\", \"create\": true, %s}]".formatted(keys)));
  }

  private static Arguments ice(int status, String named, String keys) {
    return endpoint(
        status,
        named,
        "\"transport\": {\"transport\": {\"xmlns\": \"urn:xmpp:jingle:transports:ice-udp:1\", %s}}"
            .formatted(keys));
  }

  private static Arguments media(int status, String named, String keys) {
    return endpoint(status, named, "\"medias\": [{\"type\": \"audio\", %s}]".formatted(keys));
  }

  private static Arguments source(int status, String named, String keys) {
    return endpoint(
        status, named, "\"sources\": [{\"id\": \"s\", \"type\": \"video\", %s}]".formatted(keys));
  }

  private static String candidate(String component, String protocol, String type) {
    return """
    "candidates": [{"component": %s, "protocol": "%s", "type": "%s",
      "foundation": 1, "ip": "192.0.2.1", "port": 1, "priority": "1"}]\
    """
        .formatted(component, protocol, type);
  }

  private static String group(String semantics, String ssrcs) {
    return "\"ssrc-groups\": [{\"semantics\": \"%s\", \"sources\": [%s]}]"
        .formatted(semantics, ssrcs);
  }

  private static String groups(String first, String second) {
    return """
    "ssrc-groups": [{"semantics": "FID", "sources": %s}, {"semantics": "FID", "sources": %s}]\
    """
        .formatted(first, second);
  }

  private static String with(String keys) {
    String create = keys.startsWith("\"create\"") ? "" : "\"create\": true, ";
    return "{\"meeting-id\": \"m\", %s%s}".formatted(create, keys);
  }
}
