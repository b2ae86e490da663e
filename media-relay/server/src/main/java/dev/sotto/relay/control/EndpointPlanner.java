package dev.sotto.relay.control;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns what a request says of endpoints into steps, if they fit the conference. */
final class EndpointPlanner {
  private final ControlLimits limits;
  private final ConferenceState conference;

  /** Endpoints whose SSRCs and sources, as they are held, are given up by this request. */
  private final Set<String> superseded = new HashSet<>();

  private final Map<Long, String> claimedSsrcs = new HashMap<>();
  private final Map<String, String> claimedSources = new HashMap<>();

  EndpointPlanner(ControlLimits limits, ConferenceState conference) {
    this.limits = limits;
    this.conference = conference;
  }

  /**
   * @throws ControlException with the first fault
   */
  List<EndpointStep> plan(List<EndpointChange> changes) {
    List<EndpointStep> steps = new ArrayList<>(changes.size());
    for (EndpointChange change : changes) {
      EndpointStep step = step(change);
      if (step instanceof EndpointStep.Modified || step instanceof EndpointStep.Expired) {
        superseded.add(step.endpointId());
      }
      steps.add(step);
    }
    checkCount(steps);
    for (EndpointStep step : steps) {
      switch (step) {
        case EndpointStep.Created created -> claim(created.now());
        case EndpointStep.Modified modified -> claim(modified.now());
        case EndpointStep.Expired _, EndpointStep.Absent _ -> {}
      }
    }
    return steps;
  }

  private EndpointStep step(EndpointChange change) {
    String id = change.endpointId();
    Optional<EndpointState> held = conference.endpoint(id);
    return switch (change) {
      case EndpointChange.Create create -> {
        if (held.isPresent()) {
          throw new ControlException(
              ErrorCode.ENDPOINT_EXISTS,
              id,
              "endpoint %s is there already; modify it, or expire it first"
                  .formatted(Texts.quoted(id)));
        }
        yield new EndpointStep.Created(checked(EndpointState.unknown(id).with(create.settings())));
      }
      case EndpointChange.Modify modify -> {
        EndpointState before =
            held.orElseThrow(() ->
                new ControlException(
                    ErrorCode.ENDPOINT_NOT_FOUND,
                    id,
                    "endpoint %s is not in this conference; create it"
                        .formatted(Texts.quoted(id))));
        boolean iceRestart =
            modify.settings().transport().map(RemoteTransport::iceRestart).orElse(false);
        yield new EndpointStep.Modified(
            before, checked(before.with(modify.settings())), iceRestart);
      }
      case EndpointChange.Expire _ ->
          held.<EndpointStep>map(EndpointStep.Expired::new)
              .orElseGet(() -> new EndpointStep.Absent(id));
    };
  }

  private EndpointState checked(EndpointState endpoint) {
    EndpointRules.check(limits, endpoint);
    return endpoint;
  }

  private void checkCount(List<EndpointStep> steps) {
    int count = conference.endpoints().size();
    boolean grows = false;
    for (EndpointStep step : steps) {
      switch (step) {
        case EndpointStep.Created _ -> {
          count++;
          grows = true;
        }
        case EndpointStep.Expired _ -> count--;
        case EndpointStep.Modified _, EndpointStep.Absent _ -> {}
      }
    }
    if (grows && count > limits.endpointsPerConference()) {
      throw new ControlException(
          ErrorCode.LIMIT_ENDPOINTS,
          "the conference would have %d endpoints, at most %d are taken; use another relay"
              .formatted(count, limits.endpointsPerConference()));
    }
  }

  private void claim(EndpointState endpoint) {
    endpoint.forEachSentSsrc(ssrc -> {
      checkNotFeedback(endpoint, ssrc);
      claimSsrc(endpoint, ssrc);
    });
    endpoint.forEachSlotSsrc(ssrc -> checkNotFeedback(endpoint, ssrc));
    endpoint.sources().forEach(source -> claimSource(endpoint, source.id()));
  }

  private void claimSsrc(EndpointState endpoint, long ssrc) {
    Optional<String> other =
        Optional.ofNullable(claimedSsrcs.put(ssrc, endpoint.id()))
            .or(() -> conference.ssrcOwner(ssrc).filter(owner -> !superseded.contains(owner)));
    if (other.isPresent()) {
      throw new ControlException(
          ErrorCode.SSRC_CONFLICT,
          endpoint.id(),
          "endpoint %s: SSRC %d is that of endpoint %s; choose another"
              .formatted(Texts.quoted(endpoint.id()), ssrc, Texts.quoted(other.get())));
    }
  }

  private void checkNotFeedback(EndpointState endpoint, long ssrc) {
    FeedbackSources feedback = conference.feedback();
    if (ssrc == feedback.audioSsrc() || ssrc == feedback.videoSsrc()) {
      throw new ControlException(
          ErrorCode.SSRC_CONFLICT,
          endpoint.id(),
          "endpoint %s: SSRC %d is the relay's own in this conference; choose another"
              .formatted(Texts.quoted(endpoint.id()), ssrc));
    }
  }

  private void claimSource(EndpointState endpoint, String sourceId) {
    Optional<String> other =
        Optional.ofNullable(claimedSources.put(sourceId, endpoint.id()))
            .or(() ->
                conference.sourceOwner(sourceId).filter(owner -> !superseded.contains(owner)));
    if (other.isPresent()) {
      throw new ControlException(
          ErrorCode.SOURCE_CONFLICT,
          endpoint.id(),
          "endpoint %s: source %s is that of endpoint %s; choose another id"
              .formatted(
                  Texts.quoted(endpoint.id()), Texts.quoted(sourceId), Texts.quoted(other.get())));
    }
  }
}
