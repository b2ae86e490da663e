package dev.sotto.relay.control;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/** What every request keeps, whatever exists: that it is of one mind, and its names are usable. */
final class RequestRules {
  private final ControlLimits limits;

  RequestRules(ControlLimits limits) {
    this.limits = limits;
  }

  /**
   * @throws ControlException with the first fault
   */
  void check(ConferenceRequest request) {
    checkId("conference", "", request.conferenceId());
    request.name().ifPresent(this::checkName);
    if (request.action() == ConferenceRequest.Action.EXPIRE && !request.endpoints().isEmpty()) {
      throw new ControlException(
          ErrorCode.BAD_REQUEST,
          "a conference that expires takes its endpoints with it; name no endpoints");
    }
    Set<String> named = new HashSet<>();
    for (EndpointChange change : request.endpoints()) {
      String id = change.endpointId();
      checkId("endpoint", id, id);
      if (!named.add(id)) {
        throw new ControlException(
            ErrorCode.BAD_REQUEST,
            id,
            "endpoint %s is named twice; say all of it once".formatted(Texts.quoted(id)));
      }
      switch (change) {
        case EndpointChange.Create create -> checkKinds(id, create.settings());
        case EndpointChange.Modify modify -> checkKinds(id, modify.settings());
        case EndpointChange.Expire _ -> {}
      }
    }
  }

  private void checkId(String what, String endpointId, String id) {
    if (id.length() > limits.idLength()) {
      throw new ControlException(
          ErrorCode.LIMIT_LENGTH,
          "the %s id %s is longer than %d characters"
              .formatted(what, Texts.quoted(id), limits.idLength()));
    }
    if (id.isBlank() || !Texts.isPlain(id)) {
      throw new ControlException(
          ErrorCode.BAD_REQUEST,
          Texts.isPlain(endpointId) ? endpointId : "",
          "the %s id %s is blank or has control characters".formatted(what, Texts.quoted(id)));
    }
  }

  private void checkName(String name) {
    if (name.length() > limits.textLength()) {
      throw new ControlException(
          ErrorCode.LIMIT_LENGTH,
          "the conference's name is longer than %d characters".formatted(limits.textLength()));
    }
    if (!Texts.isPlain(name)) {
      throw new ControlException(
          ErrorCode.BAD_REQUEST, "the conference's name has control characters");
    }
  }

  private static void checkKinds(String endpointId, EndpointSettings settings) {
    Set<MediaKind> kinds = EnumSet.noneOf(MediaKind.class);
    for (MediaDescription media : settings.media()) {
      if (!kinds.add(media.kind())) {
        throw new ControlException(
            ErrorCode.BAD_REQUEST,
            endpointId,
            "endpoint %s: %s is described twice; describe it once"
                .formatted(Texts.quoted(endpointId), Texts.lower(media.kind())));
      }
    }
  }
}
