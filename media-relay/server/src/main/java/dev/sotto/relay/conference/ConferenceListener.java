package dev.sotto.relay.conference;

import java.util.List;
import java.util.Optional;

/** What a conference tells whoever steers it; called on the event loop, when it has changed. */
public interface ConferenceListener {
  /**
   * Who is in the receive slots of an endpoint from now on.
   *
   * @param slots all of them, in the order in which they were given
   */
  void onSlots(String conferenceId, String endpointId, List<Occupancy> slots);

  /** The speakers, the dominant one first. */
  void onSpeakers(String conferenceId, List<String> endpointIds);

  /** An endpoint's DTLS has failed for good, or the endpoint has ended it. */
  void onEndpointFailed(String conferenceId, String endpointId, String why);

  /** An endpoint has gone: there is nothing more to tell of it. */
  void onEndpointLeft(String conferenceId, String endpointId);

  /** A conference has ended, by a request or because it was idle. */
  void onConferenceEnded(String conferenceId);

  /**
   * A slot and who is in it.
   *
   * @param ssrc of the slot
   * @param occupant empty when nobody is
   */
  record Occupancy(long ssrc, Optional<Occupant> occupant) {}

  /**
   * Whose media a slot carries.
   *
   * @param endpointId of the sender
   */
  record Occupant(String sourceId, String endpointId) {}
}
