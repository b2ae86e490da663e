package dev.sotto.relay.control;

import java.util.List;
import java.util.Optional;

/**
 * What came of a request.
 *
 * @param endpoints those of the request, in its order
 * @param feedback present when the conference or an endpoint was created
 */
public record ConferenceAnswer(
    String conferenceId, List<EndpointAnswer> endpoints, Optional<FeedbackSources> feedback) {

  /**
   * What came of one endpoint.
   *
   * @param transport the relay's side, for a new endpoint and after an ICE restart
   */
  public record EndpointAnswer(
      String endpointId, boolean expired, Optional<LocalTransport> transport) {}

  public ConferenceAnswer {
    endpoints = List.copyOf(endpoints);
  }
}
