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

  /**
   * A slot and who is in it.
   *
   * @param ssrc of the slot
   * @param sourceId empty when nobody is
   */
  record Occupancy(long ssrc, Optional<String> sourceId) {}
}
