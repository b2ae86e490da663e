package dev.sotto.relay.colibri;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.relay.control.ConferenceControl;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.Texts;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifiedIQ;
import org.jitsi.xmpp.extensions.colibri2.json.Colibri2JSONSerializer;

/**
 * COLIBRI2 as JSON, on the paths of Jitsi's bridge: {@code POST /colibri/v2/conferences} creates,
 * {@code PATCH /colibri/v2/conferences/ID} changes and expires. Whoever mounts it answers for who
 * may reach it.
 */
public final class RestControl {
  /** All requests are to this path, or to a conference below it. */
  public static final String PATH = "/colibri/v2/conferences";

  /** A longer body is refused; there is no need to read on. */
  public static final int MAX_BODY_BYTES = JsonRequestReader.MAX_BYTES;

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;

  /** The library's elements are parts of stanzas, which have an id. */
  private static final String STANZA_ID = "rest";

  private final ConferenceControl control;

  public RestControl(ConferenceControl control) {
    this.control = control;
  }

  /**
   * Carries a request out. The stage always ends with an answer.
   *
   * @param path as in the request line, percent-encoded, without its query
   * @param body UTF-8
   */
  public CompletionStage<RestAnswer> handle(String method, String path, byte[] body) {
    String below = path.startsWith(PATH) ? path.substring(PATH.length()) : "?";
    if (below.isEmpty() || below.equals("/")) {
      return method.equals("POST")
          ? apply(() -> JsonRequestReader.read(body, Optional.empty()))
          : methodNotAllowed("POST");
    }
    if (!below.startsWith("/") || below.indexOf('/', 1) >= 0) {
      return notFound();
    }
    return method.equals("PATCH")
        ? apply(() -> JsonRequestReader.read(body, Optional.of(decode(below.substring(1)))))
        : methodNotAllowed("PATCH");
  }

  private CompletionStage<RestAnswer> apply(Supplier<ConferenceRequest> request) {
    return Outcome.of(
        request,
        control,
        answer ->
            new RestAnswer(
                OK,
                Colibri2JSONSerializer.serializeConferenceModified(
                        AnswerWriter.write(answer, ConferenceModifiedIQ.builder(STANZA_ID)))
                    .toString()),
        RestControl::refused);
  }

  private static RestAnswer refused(ControlException refusal) {
    ErrorCode code = refusal.code();
    ObjectNode error = JsonNodeFactory.instance.objectNode().put("code", code.name());
    error.put("reason", Texts.lower(ColibriErrors.reason(code)));
    error.put("message", refusal.getMessage());
    refusal.endpointId().ifPresent(id -> error.put("endpoint", id));
    return new RestAnswer(ColibriErrors.httpStatus(code), body(error));
  }

  private static CompletionStage<RestAnswer> notFound() {
    ObjectNode error = JsonNodeFactory.instance.objectNode().put("code", "NOT_FOUND");
    error.put("message", "nothing is here; conferences are at %s/ID".formatted(PATH));
    return CompletableFuture.completedStage(new RestAnswer(NOT_FOUND, body(error)));
  }

  private static CompletionStage<RestAnswer> methodNotAllowed(String allow) {
    ObjectNode error = JsonNodeFactory.instance.objectNode().put("code", "METHOD_NOT_ALLOWED");
    error.put("message", "the method of this path is " + allow);
    return CompletableFuture.completedStage(new RestAnswer(METHOD_NOT_ALLOWED, body(error), allow));
  }

  private static String body(ObjectNode error) {
    return JsonNodeFactory.instance.objectNode().<ObjectNode>set("error", error).toString();
  }

  /** A conference id may hold anything, so it comes percent-encoded; a plus is a plus here. */
  private static String decode(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw Attributes.bad("the conference id in the path is not percent-encoded");
    }
  }
}
