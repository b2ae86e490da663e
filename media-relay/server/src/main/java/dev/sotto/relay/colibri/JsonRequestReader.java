package dev.sotto.relay.colibri;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import dev.sotto.relay.control.Texts;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jitsi.xmpp.extensions.colibri.SourcePacketExtension;
import org.jitsi.xmpp.extensions.colibri2.Colibri2Endpoint;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifyIQ;
import org.jitsi.xmpp.extensions.colibri2.MediaSource;
import org.jitsi.xmpp.extensions.colibri2.json.Colibri2JSONDeserializer;

/**
 * Reads a request in JSON: its shape is checked, Jitsi's deserialiser makes COLIBRI2's elements of
 * it, and what the latter does not know is added to them.
 */
final class JsonRequestReader {
  /** A conference of a thousand with all their sources is smaller. */
  static final int MAX_BYTES = 1 << 20;

  /** COLIBRI2 needs nine. */
  private static final int MAX_DEPTH = 16;

  private static final int MAX_NUMBER_LENGTH = 20;
  private static final int MAX_NAME_LENGTH = 1_024;
  private static final int MAX_STRING_LENGTH = 16_384;

  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .maxNameLength(MAX_NAME_LENGTH)
                          .maxStringLength(MAX_STRING_LENGTH)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  // Keys are the sender's: they are not to stay in memory for ever.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private JsonRequestReader() {}

  /**
   * @param conferenceId from the path; when empty the body says it
   * @throws ControlException with the first fault
   */
  static ConferenceRequest read(byte[] body, Optional<String> conferenceId) {
    ObjectNode request = parse(body);
    RequestShape.REQUEST.check(request, "request");
    String meetingId = meetingId(request, conferenceId);
    if (conferenceId.isPresent() && request.path("create").asBoolean()) {
      throw Attributes.bad("create: a conference is created by POST to /colibri/v2/conferences");
    }
    for (JsonNode endpoint : request.path("endpoints")) {
      for (JsonNode media : endpoint.path("medias")) {
        // The library takes false for true.
        if (!media.path("extmap-allow-mixed").asBoolean()) {
          ((ObjectNode) media).remove("extmap-allow-mixed");
        }
      }
    }
    ConferenceModifyIQ iq =
        Colibri2JSONDeserializer.deserializeConferenceModify(request)
            .setMeetingId(meetingId)
            .build();
    complete(iq.getEndpoints(), request.path("endpoints"));
    return RequestReader.read(iq);
  }

  private static ObjectNode parse(byte[] body) {
    if (body.length > MAX_BYTES) {
      throw new ControlException(
          ErrorCode.LIMIT_LENGTH,
          "the body has %d bytes, at most %d are read; split the request"
              .formatted(body.length, MAX_BYTES));
    }
    try {
      JsonNode parsed = READER.readTree(decode(body));
      if (parsed instanceof ObjectNode object) {
        return object;
      }
      throw Attributes.bad("the body is not a JSON object");
    } catch (StreamConstraintsException e) {
      throw new ControlException(
          ErrorCode.LIMIT_LENGTH, "the body goes beyond a limit: " + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      throw Attributes.bad("the body is not JSON: " + shown(e));
    }
  }

  private static String decode(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException _) {
      throw Attributes.bad("the body is not UTF-8");
    }
  }

  private static String shown(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    String where =
        location == null
            ? ""
            : " in line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    return Texts.quoted(e.getOriginalMessage()) + where;
  }

  private static String meetingId(ObjectNode request, Optional<String> conferenceId) {
    JsonNode said = request.path("meeting-id");
    if (conferenceId.isPresent() && said.isTextual()) {
      if (!said.textValue().equals(conferenceId.get())) {
        throw Attributes.bad("meeting-id is not the conference of the path; leave it out");
      }
    }
    String meetingId = conferenceId.orElseGet(() -> said.asText(""));
    if (meetingId.isBlank()) {
      throw Attributes.bad("request has no meeting-id, or a blank one");
    }
    return meetingId;
  }

  /** Elements come in the order of the JSON, so each finds its keys by its place. */
  private static void complete(List<Colibri2Endpoint> endpoints, JsonNode keys) {
    for (int i = 0; i < endpoints.size(); i++) {
      complete(endpoints.get(i), keys.get(i));
    }
  }

  private static void complete(Colibri2Endpoint endpoint, JsonNode keys) {
    if (keys.path("transport").path(SottoElement.ICE_RESTART).asBoolean()) {
      endpoint.getTransport().setAttribute(SottoElement.ICE_RESTART, true);
    }
    if (endpoint.getSources() != null) {
      List<MediaSource> sources = endpoint.getSources().getMediaSources();
      for (int i = 0; i < sources.size(); i++) {
        complete(sources.get(i), keys.get("sources").get(i));
      }
    }
    if (keys.has(SottoElement.RECEIVE_SLOTS)) {
      endpoint.addChildExtension(slots(keys.get(SottoElement.RECEIVE_SLOTS)));
    }
    if (keys.has(SottoElement.CONSTRAINTS)) {
      endpoint.addChildExtension(constraints(keys.get(SottoElement.CONSTRAINTS)));
    }
  }

  private static void complete(MediaSource source, JsonNode keys) {
    for (SourcePacketExtension stream : source.getSources()) {
      // The library reads an absent SSRC as 0, which no stream has.
      if (stream.getSSRC() == 0) {
        stream.removeAttribute(SourcePacketExtension.SSRC_ATTR_NAME);
      }
    }
    if (keys.has(SottoElement.MID)) {
      source.addChildExtension(
          new SottoElement(SottoElement.MID, keys.get(SottoElement.MID).textValue()));
    }
  }

  private static SottoElement slots(JsonNode keys) {
    SottoElement slots = new SottoElement(SottoElement.RECEIVE_SLOTS);
    for (String type : List.of("audio", "video")) {
      for (JsonNode each : keys.path(type)) {
        SottoElement slot = element(SottoElement.SLOT, each);
        slot.setAttribute(SottoElement.TYPE, type);
        slots.addChildExtension(slot);
      }
    }
    return slots;
  }

  private static SottoElement constraints(JsonNode keys) {
    SottoElement constraints = element(SottoElement.CONSTRAINTS, keys);
    for (JsonNode each : keys.path("sources")) {
      constraints.addChildExtension(element(SottoElement.SOURCE, each));
    }
    return constraints;
  }

  private static SottoElement element(String name, JsonNode keys) {
    SottoElement element = new SottoElement(name);
    keys.properties().stream()
        .filter(entry -> entry.getValue().isValueNode())
        .forEach(entry -> element.setAttribute(entry.getKey(), entry.getValue().asText()));
    return element;
  }
}
