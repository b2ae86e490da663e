package dev.sotto.relay.conference;

import java.util.List;

/**
 * Puts those who are heard into the audio slots of those who listen. Who has a slot keeps it until
 * another one who is heard needs it, so most conferences never move anybody.
 */
final class AudioSlots {
  /** Audio has one encoding and no layers. */
  private static final int ENCODING = 0;

  private final Conference conference;
  private final Speakers speakers;

  AudioSlots(Conference conference, Speakers speakers) {
    this.conference = conference;
    this.speakers = speakers;
  }

  /** For all sources: somebody came, went, or wants something else. */
  void assignAll() {
    for (MediaSource source : conference.audioSources()) {
      assign(source);
    }
    conference.endpoints().forEach(Endpoint::announceSlots);
  }

  /** For one source that is heard now. */
  void assign(MediaSource source) {
    for (Endpoint receiver : conference.endpoints()) {
      if (!receiver.equals(source.owner())) {
        assign(source, receiver);
        receiver.announceSlots();
      }
    }
  }

  private void assign(MediaSource source, Endpoint receiver) {
    List<SlotStream> slots = receiver.outgoing().audio();
    int lastN = receiver.constraints().audioLastN().orElse(Integer.MAX_VALUE);
    SlotStream chosen = null;
    int taken = 0;
    for (SlotStream slot : slots) {
      if (slot.isOccupiedBy(source)) {
        // Where sources have their own streams a limit is kept by who is forwarded.
        target(slot, receiver, source, lastN);
        return;
      }
      taken += slot.occupant().isPresent() ? 1 : 0;
    }
    if (receiver.outgoing().isBySource()) {
      return;
    }
    boolean mayTakeEmpty = taken < lastN;
    for (SlotStream slot : slots) {
      if (slot.occupant().isEmpty() && mayTakeEmpty) {
        chosen = slot;
        break;
      }
      if (chosen == null
          && slot.occupant().isPresent()
          && speakers.isHeard(source.owner().number())
          && !speakers.isHeard(slot.occupant().get().owner().number())) {
        chosen = slot;
      }
    }
    if (chosen != null) {
      chosen.occupy(source);
      chosen.setTarget(ENCODING, 0, 0);
    }
  }

  private void target(SlotStream slot, Endpoint receiver, MediaSource source, int lastN) {
    boolean within =
        !receiver.outgoing().isBySource() || speakers.rank(source.owner().number()) < lastN;
    if (within) {
      slot.setTarget(ENCODING, 0, 0);
    } else {
      slot.pause();
    }
  }
}
