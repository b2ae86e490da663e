package dev.sotto.relay.colibri;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.relay.control.ConferenceControl;
import dev.sotto.relay.control.ConferencePlan;
import dev.sotto.relay.control.EndpointState;
import dev.sotto.relay.control.EndpointStep;
import dev.sotto.relay.control.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifiedIQ;
import org.jitsi.xmpp.extensions.colibri2.json.Colibri2JSONDeserializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("COLIBRI2 over REST")
class RestControlTest {
  private static final String CONFERENCES = "/colibri/v2/conferences";

  private final TestRelay relay = new TestRelay();
  private final RestControl rest = new RestControl(relay);

  @Test
  void a_conference_is_created_by_post_changed_and_expired_by_patch() throws Exception {
    JsonNode created =
        ok(
            post(
                """
                {"meeting-id": "m", "create": true,
                 "endpoints": [{"id": "a", "create": true, "transport": {}}]}\
                """));
    assertThat(created.at("/endpoints/0/id").textValue()).isEqualTo("a");
    assertThat(created.at("/endpoints/0/transport/transport/ufrag").textValue())
        .isEqualTo("ufrag1");
    assertThat(created.at("/sources/0/sources/0/ssrc").longValue()).isPositive();

    assertThat(
            ok(patch("m", "{\"endpoints\": [{\"id\": \"b\", \"create\": true}]}")).at("/sources"))
        .as("feedback comes with each new endpoint")
        .isEqualTo(created.at("/sources"));
    JsonNode left = ok(patch("m", "{\"endpoints\": [{\"id\": \"a\", \"expire\": true}]}"));
    assertThat(left.toString()).isEqualTo("{\"endpoints\":[{\"id\":\"a\",\"expire\":true}]}");
    assertThat(ok(patch("m", "{\"expire\": true}")).toString()).isEqualTo("{}");
    assertThat(relay.directory.conferenceIds()).isEmpty();
  }

  @Test
  void several_endpoints_may_be_in_one_request() throws Exception {
    JsonNode created =
        ok(
            post(
                """
                {"meeting-id": "m", "create": true, "endpoints": [
                 {"id": "a", "create": true}, {"id": "b", "create": true}]}\
                """));

    assertThat(created.at("/endpoints").size()).isEqualTo(2);
  }

  @Test
  void the_answer_is_what_jitsis_own_reader_takes() throws Exception {
    String body =
        post("{\"meeting-id\": \"m\", \"create\": true,"
                + " \"endpoints\": [{\"id\": \"a\", \"create\": true}]}")
            .body();
    ConferenceModifiedIQ answer =
        Colibri2JSONDeserializer.deserializeConferenceModified(
                (ObjectNode) new ObjectMapper().readTree(body))
            .build();

    var transport = answer.getEndpoints().getFirst().getTransport().getIceUdpTransport();
    assertThat(transport.getCandidateList()).hasSize(1);
    assertThat(transport.getCandidateList().getFirst().getRelPort()).isEqualTo(10_000);
    assertThat(transport.isRtcpMux()).isTrue();
    assertThat(answer.getSources().getMediaSources()).hasSize(2);
  }

  @Test
  void a_conference_id_is_percent_encoded_in_the_path() throws Exception {
    ok(post("{\"meeting-id\": \"a/b+c d\\u00e9\", \"create\": true}"));

    ok(patch("a%2Fb+c%20d%C3%A9", "{}"));
    ok(patch("a%2fb%2Bc%20d%c3%a9", "{\"meeting-id\": \"a/b+c d\\u00e9\"}"));
    assertError(patch("a%2", "{}"), 400, "BAD_REQUEST");
  }

  @Test
  void what_the_path_says_the_body_does_not_contradict() throws Exception {
    ok(post("{\"meeting-id\": \"m\", \"create\": true}"));

    assertError(patch("m", "{\"meeting-id\": \"n\"}"), 400, "BAD_REQUEST");
    assertError(patch("m", "{\"create\": true}"), 400, "BAD_REQUEST");
    assertError(post("{\"create\": true}"), 400, "BAD_REQUEST");
    assertError(post("{\"meeting-id\": \" \", \"create\": true}"), 400, "BAD_REQUEST");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/colibri/v2/conferences,405,POST",
    "PATCH,/colibri/v2/conferences/,405,POST",
    "GET,/colibri/v2/conferences/m,405,PATCH",
    "DELETE,/colibri/v2/conferences/m,405,PATCH",
    "PATCH,/colibri/v2/conferences/m/x,404,",
    "POST,/colibri/v2/conferencesx,404,",
    "POST,/colibri/v1/conferences,404,"
  })
  void other_methods_and_paths_are_refused(String method, String path, int status, String allow)
      throws Exception {
    RestAnswer answer = send(method, path, "{}");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.allow()).isEqualTo(allow == null ? "" : allow);
    assertThat(new ObjectMapper().readTree(answer.body()).at("/error/message").textValue())
        .isNotBlank();
  }

  @Test
  void a_refusal_has_code_reason_message_and_endpoint() throws Exception {
    ok(post("{\"meeting-id\": \"m\", \"create\": true}"));
    RestAnswer answer = patch("m", "{\"endpoints\": [{\"id\": \"x\"}]}");

    JsonNode error = assertError(answer, 404, "ENDPOINT_NOT_FOUND");
    assertThat(error.get("reason").textValue()).isEqualTo("unknown_endpoint");
    assertThat(error.get("endpoint").textValue()).isEqualTo("x");
    assertThat(error.get("message").textValue()).contains("'x'").contains("create it");
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void every_refusal_has_a_status_of_its_kind(ErrorCode code) {
    assertThat(ColibriErrors.httpStatus(code)).isBetween(400, 599);
    assertThat(ColibriErrors.condition(code)).isNotNull();
    assertThat(ColibriErrors.reason(code)).isNotNull();
  }

  @Test
  void a_relay_that_fails_is_a_500_that_tells_no_secrets() throws Exception {
    ConferenceControl broken = _ -> CompletableFuture.failedStage(new Exception("secret"));
    ConferenceControl throwing =
        _ -> {
          throw new IllegalStateException("secret");
        };
    for (ConferenceControl control : new ConferenceControl[] {broken, throwing}) {
      RestAnswer answer =
          new RestControl(control)
              .handle("PATCH", CONFERENCES + "/m", bytes("{}"))
              .toCompletableFuture()
              .get();

      assertError(answer, 500, "INTERNAL");
      assertThat(answer.body()).doesNotContain("secret");
    }
  }

  @Test
  void streams_of_which_only_the_rid_is_known_are_read() throws Exception {
    ok(
        post(
            """
            {"meeting-id": "m", "create": true, "endpoints": [{"id": "a", "create": true,
              "sources": [{"type": "video", "id": "a-v0", "mid": "1",
                           "sources": [{"rid": "q"}, {"ssrc": -1, "rid": "h"}]}]}]}\
            """));

    EndpointState a = created(relay.plans.getLast());
    assertThat(a.sources().getFirst().encodings())
        .allMatch(encoding -> encoding.ssrc().isEmpty())
        .extracting(encoding -> encoding.rid().orElseThrow())
        .containsExactly("q", "h");
  }

  @Test
  void a_false_extmap_allow_mixed_is_false() throws Exception {
    ok(
        post(
            """
            {"meeting-id": "m", "create": true, "endpoints": [{"id": "a", "create": true,
              "medias": [{"type": "audio", "extmap-allow-mixed": false},
                         {"type": "video", "extmap-allow-mixed": true}]}]}\
            """));

    assertThat(created(relay.plans.getLast()).media().values())
        .extracting(media -> media.extmapAllowMixed())
        .containsExactly(false, true);
  }

  private static EndpointState created(ConferencePlan plan) {
    return ((EndpointStep.Created) plan.steps().getFirst()).now();
  }

  private RestAnswer post(String body) throws Exception {
    return send("POST", CONFERENCES, body);
  }

  private RestAnswer patch(String id, String body) throws Exception {
    return send("PATCH", CONFERENCES + "/" + id, body);
  }

  private RestAnswer send(String method, String path, String body) throws Exception {
    return rest.handle(method, path, bytes(body)).toCompletableFuture().get();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode ok(RestAnswer answer) throws Exception {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private static JsonNode assertError(RestAnswer answer, int status, String code) throws Exception {
    JsonNode error = new ObjectMapper().readTree(answer.body()).get("error");
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(error.get("code").textValue()).isEqualTo(code);
    return error;
  }
}
