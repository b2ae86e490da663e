package dev.sotto.relay.conference;

/**
 * Puts those who are heard into the audio slots of those who listen. Who has a slot keeps it until
 * another one who is heard needs it, so most conferences never move anybody. Who wants to hear
 * fewer gets those who were dominant last.
 */
final class AudioSlots {
  /** Audio has one encoding and no layers. */
  private static final int ENCODING = 0;

  private static final int ANY_NUMBER = Integer.MAX_VALUE;

  private final Conference conference;
  private final Speakers speakers;

  AudioSlots(Conference conference, Speakers speakers) {
    this.conference = conference;
    this.speakers = speakers;
  }

  /** For all: somebody came, went, or wants something else. */
  void assignAll() {
    conference.endpoints().forEach(this::assignAll);
  }

  /** For one who listens. */
  void assignAll(Endpoint receiver) {
    if (!receiver.outgoing().isBySource()) {
      for (SlotStream slot : receiver.outgoing().audio()) {
        if (slot.occupant().filter(source -> !isWanted(source, receiver)).isPresent()) {
          slot.vacate();
        }
      }
    }
    for (MediaSource source : conference.audioSources()) {
      if (!receiver.equals(source.owner())) {
        assign(source, receiver);
      }
    }
    receiver.announceSlots();
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
    boolean wanted = isWanted(source, receiver);
    SlotStream chosen = null;
    for (SlotStream slot : receiver.outgoing().audio()) {
      if (slot.isOccupiedBy(source)) {
        play(slot, receiver, wanted);
        return;
      }
      if (chosen == null || (isFree(slot) && !isFree(chosen))) {
        chosen = isFree(slot) || isLessHeard(slot, source) ? slot : chosen;
      }
    }
    if (chosen != null && wanted && !receiver.outgoing().isBySource()) {
      chosen.occupy(source);
      play(chosen, receiver, true);
    }
  }

  private static boolean isFree(SlotStream slot) {
    return slot.occupant().isEmpty();
  }

  private boolean isLessHeard(SlotStream slot, MediaSource source) {
    return speakers.isHeard(source.owner().number())
        && slot.occupant().filter(other -> !speakers.isHeard(other.owner().number())).isPresent();
  }

  /** For who cannot be reached nothing is made ready. */
  private static void play(SlotStream slot, Endpoint receiver, boolean wanted) {
    if (wanted && receiver.outgoing().isActive()) {
      slot.setTarget(ENCODING, 0, 0);
    } else {
      slot.pause();
    }
  }

  /** Whether a source is among the last so many dominant ones of others. */
  private boolean isWanted(MediaSource source, Endpoint receiver) {
    int lastN = receiver.constraints().audioLastN().orElse(ANY_NUMBER);
    if (lastN == ANY_NUMBER) {
      return true;
    }
    int rank = speakers.rank(source.owner().number());
    int before = 0;
    for (MediaSource other : conference.audioSources()) {
      boolean counts = !other.owner().equals(receiver) && !other.isMuted();
      before += counts && speakers.rank(other.owner().number()) < rank ? 1 : 0;
    }
    return before < lastN;
  }
}
