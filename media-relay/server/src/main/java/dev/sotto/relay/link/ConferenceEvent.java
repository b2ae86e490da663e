package dev.sotto.relay.link;

import java.util.List;
import java.util.Optional;

/** A state of a conference that the focus has to know; each replaces the one before. */
public sealed interface ConferenceEvent {
  String conferenceId();

  /**
   * Who is in which receive slot of an endpoint.
   *
   * @param endpointId the receiver
   * @param slots all of them, the empty ones too
   */
  record Slots(String conferenceId, String endpointId, List<Slot> slots)
      implements ConferenceEvent {
    public Slots {
      slots = List.copyOf(slots);
    }
  }

  /**
   * Who speaks, or spoke last, in that order.
   *
   * @param endpointIds the dominant speaker first; those after the first {@value #MAX_NAMED} are
   *     left out
   */
  record Speakers(String conferenceId, List<String> endpointIds) implements ConferenceEvent {
    /** More than any page shows; the message stays small however large the conference is. */
    public static final int MAX_NAMED = 64;

    public Speakers {
      endpointIds = List.copyOf(endpointIds.subList(0, Math.min(endpointIds.size(), MAX_NAMED)));
    }
  }

  /**
   * One receive slot.
   *
   * @param ssrc under which the receiver gets it
   * @param occupant empty while no source is sent in it
   */
  record Slot(long ssrc, Optional<Occupant> occupant) {}

  /**
   * Whose media a slot carries.
   *
   * @param endpointId of the sender
   */
  record Occupant(String sourceId, String endpointId) {}
}
