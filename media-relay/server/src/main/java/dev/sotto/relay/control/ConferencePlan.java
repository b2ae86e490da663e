package dev.sotto.relay.control;

import java.util.List;
import java.util.Optional;

/**
 * A request that has passed every rule, spelt out: what is to be done, with nothing done yet.
 *
 * @param feedback the SSRCs of the relay in this conference
 * @param steps in the order of the request; all endpoints when the conference expires
 * @param version of the conference that the plan is for; it fits no other
 */
public record ConferencePlan(
    String conferenceId,
    ConferenceRequest.Action action,
    Optional<String> name,
    FeedbackSources feedback,
    List<EndpointStep> steps,
    long version) {
  public ConferencePlan {
    steps = List.copyOf(steps);
  }
}
