package dev.sotto.relay.colibri;

import dev.sotto.relay.control.ControlException;
import dev.sotto.relay.control.ErrorCode;
import java.util.Optional;
import org.jitsi.xmpp.extensions.colibri2.Colibri2Endpoint;
import org.jitsi.xmpp.extensions.colibri2.Colibri2Error;
import org.jivesoftware.smack.packet.StanzaError;

/** What each refusal is in COLIBRI2, in XMPP and in HTTP. */
final class ColibriErrors {
  private ColibriErrors() {}

  static StanzaError stanzaError(ControlException refusal) {
    StanzaError.Builder error =
        StanzaError.getBuilder(condition(refusal.code()))
            .setDescriptiveEnText(refusal.getMessage())
            .addExtension(new Colibri2Error(reason(refusal.code())))
            .addExtension(new SottoElement(SottoElement.CODE, refusal.code().name()));
    // As Jitsi's bridge has it: the endpoint that is not there is named by an element of its own.
    Optional<String> unknown =
        refusal.endpointId().filter(_ -> refusal.code() == ErrorCode.ENDPOINT_NOT_FOUND);
    unknown.ifPresent(id -> error.addExtension(Colibri2Endpoint.getBuilder().setId(id).build()));
    return error.build();
  }

  static Colibri2Error.Reason reason(ErrorCode code) {
    return switch (code) {
      case CONFERENCE_NOT_FOUND -> Colibri2Error.Reason.CONFERENCE_NOT_FOUND;
      case CONFERENCE_EXISTS -> Colibri2Error.Reason.CONFERENCE_ALREADY_EXISTS;
      case ENDPOINT_NOT_FOUND -> Colibri2Error.Reason.UNKNOWN_ENDPOINT;
      case NOT_IMPLEMENTED -> Colibri2Error.Reason.FEATURE_NOT_IMPLEMENTED;
      case DRAINING -> Colibri2Error.Reason.GRACEFUL_SHUTDOWN;
      case BAD_REQUEST,
          FORBIDDEN,
          ENDPOINT_EXISTS,
          SSRC_CONFLICT,
          SOURCE_CONFLICT,
          LIMIT_CONFERENCES,
          LIMIT_ENDPOINTS,
          LIMIT_SOURCES,
          LIMIT_SSRCS,
          LIMIT_SLOTS,
          LIMIT_CONSTRAINTS,
          LIMIT_PAYLOAD_TYPES,
          LIMIT_HEADER_EXTENSIONS,
          LIMIT_FINGERPRINTS,
          LIMIT_CANDIDATES,
          LIMIT_LENGTH,
          INTERNAL ->
          Colibri2Error.Reason.UNSPECIFIED;
    };
  }

  static StanzaError.Condition condition(ErrorCode code) {
    return switch (code) {
      case BAD_REQUEST -> StanzaError.Condition.bad_request;
      case NOT_IMPLEMENTED -> StanzaError.Condition.feature_not_implemented;
      case FORBIDDEN -> StanzaError.Condition.forbidden;
      case CONFERENCE_NOT_FOUND, ENDPOINT_NOT_FOUND -> StanzaError.Condition.item_not_found;
      case CONFERENCE_EXISTS, ENDPOINT_EXISTS, SSRC_CONFLICT, SOURCE_CONFLICT ->
          StanzaError.Condition.conflict;
      // The relay is full: another one may have room.
      case LIMIT_CONFERENCES, LIMIT_ENDPOINTS -> StanzaError.Condition.resource_constraint;
      // The request is too much for any relay.
      case LIMIT_SOURCES,
          LIMIT_SSRCS,
          LIMIT_SLOTS,
          LIMIT_CONSTRAINTS,
          LIMIT_PAYLOAD_TYPES,
          LIMIT_HEADER_EXTENSIONS,
          LIMIT_FINGERPRINTS,
          LIMIT_CANDIDATES,
          LIMIT_LENGTH ->
          StanzaError.Condition.not_acceptable;
      case DRAINING -> StanzaError.Condition.service_unavailable;
      case INTERNAL -> StanzaError.Condition.internal_server_error;
    };
  }

  static int httpStatus(ErrorCode code) {
    return switch (code) {
      case BAD_REQUEST -> 400;
      case FORBIDDEN -> 403;
      case CONFERENCE_NOT_FOUND, ENDPOINT_NOT_FOUND -> 404;
      case CONFERENCE_EXISTS, ENDPOINT_EXISTS, SSRC_CONFLICT, SOURCE_CONFLICT -> 409;
      case LIMIT_LENGTH -> 413;
      case LIMIT_SOURCES,
          LIMIT_SSRCS,
          LIMIT_SLOTS,
          LIMIT_CONSTRAINTS,
          LIMIT_PAYLOAD_TYPES,
          LIMIT_HEADER_EXTENSIONS,
          LIMIT_FINGERPRINTS,
          LIMIT_CANDIDATES ->
          422;
      case INTERNAL -> 500;
      case NOT_IMPLEMENTED -> 501;
      case LIMIT_CONFERENCES, LIMIT_ENDPOINTS, DRAINING -> 503;
    };
  }
}
