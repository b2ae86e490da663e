package dev.sotto.relay.control;

import java.util.List;
import java.util.Optional;

/**
 * Asks to create, change or end one conference, and in the same step its endpoints.
 *
 * @param conferenceId chosen by whoever creates it
 * @param name for logs and people
 * @param endpoints each of them once; none when the conference is to expire
 */
public record ConferenceRequest(
    String conferenceId, Action action, Optional<String> name, List<EndpointChange> endpoints) {

  /** What becomes of the conference. */
  public enum Action {
    CREATE,
    MODIFY,
    /** With all its endpoints. */
    EXPIRE
  }

  public ConferenceRequest {
    endpoints = List.copyOf(endpoints);
  }
}
