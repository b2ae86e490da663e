package dev.sotto.relay.link;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jxmpp.jid.Jid;

/**
 * The newest state of each kind that the focus is to know, by conference and receiver, and which of
 * them it has not been sent on this connection. A newer state replaces the one before, sent or not;
 * beyond a bound the oldest is forgotten. What was sent is kept for the next connection, since no
 * one knows what of it arrived. Of any thread; nothing here waits for anything.
 */
final class EventOutbox implements ConferenceEvents {
  /**
   * A state that is to be sent.
   *
   * @param version rises with every state of this relay's process
   */
  record Letter(Jid focus, long version, ConferenceEvent event) {}

  /** What replaces what. */
  private sealed interface Key {
    String conferenceId();

    record SlotsOf(String conferenceId, String endpointId) implements Key {}

    record SpeakersOf(String conferenceId) implements Key {}

    static Key of(ConferenceEvent event) {
      return switch (event) {
        case ConferenceEvent.Slots slots -> new SlotsOf(slots.conferenceId(), slots.endpointId());
        case ConferenceEvent.Speakers speakers -> new SpeakersOf(speakers.conferenceId());
      };
    }
  }

  private record State(long version, ConferenceEvent event) {}

  /** Who is to know of a conference, and what there is. */
  private static final class Conference {
    Optional<Jid> focus = Optional.empty();
    final Set<Key> keys = new LinkedHashSet<>();
    boolean missed;
  }

  private final int maxStates;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Conference> conferences = new HashMap<>();

  /** The state that has not changed for longest comes first. */
  private final Map<Key, State> states = new LinkedHashMap<>();

  /** Of conferences with a focus, in the order in which they were changed. */
  private final Set<Key> unsent = new LinkedHashSet<>();

  private long versions;

  /**
   * @param maxStates in all conferences together
   */
  EventOutbox(int maxStates) {
    this.maxStates = maxStates;
  }

  @Override
  public void publish(ConferenceEvent event) {
    Key key = Key.of(event);
    lock.lock();
    try {
      State before = states.get(key);
      if (before != null && before.event().equals(event)) {
        return;
      }
      states.remove(key);
      states.put(key, new State(++versions, event));
      Conference conference =
          conferences.computeIfAbsent(event.conferenceId(), _ -> new Conference());
      conference.keys.add(key);
      if (conference.focus.isPresent()) {
        unsent.add(key);
      }
      if (states.size() > maxStates) {
        forget(states.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void endpointLeft(String conferenceId, String endpointId) {
    lock.lock();
    try {
      forget(new Key.SlotsOf(conferenceId, endpointId));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void conferenceEnded(String conferenceId) {
    lock.lock();
    try {
      end(conferenceId);
    } finally {
      lock.unlock();
    }
  }

  /**
   * From now on this focus is told of the conference; all of it, when it is another than before.
   */
  void address(String conferenceId, Jid focus) {
    lock.lock();
    try {
      Conference conference = conferences.computeIfAbsent(conferenceId, _ -> new Conference());
      if (conference.focus.filter(focus::equals).isEmpty()) {
        conference.focus = Optional.of(focus);
        unsent.addAll(conference.keys);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the conferences that the relay does not hold, and did not the last time either: one that
   * came between the relay's look and this call is in the next one.
   */
  void retain(Set<String> held) {
    lock.lock();
    try {
      List<String> gone = new ArrayList<>();
      conferences.forEach((id, conference) -> {
        boolean missing = !held.contains(id);
        if (missing && conference.missed) {
          gone.add(id);
        }
        conference.missed = missing;
      });
      gone.forEach(this::end);
    } finally {
      lock.unlock();
    }
  }

  /** A new connection, on which nothing was sent yet. */
  void sendAllAgain() {
    lock.lock();
    try {
      conferences.values().stream()
          .filter(conference -> conference.focus.isPresent())
          .forEach(conference -> unsent.addAll(conference.keys));
    } finally {
      lock.unlock();
    }
  }

  /** The next state to send, which is taken as sent. */
  Optional<Letter> take() {
    lock.lock();
    try {
      if (unsent.isEmpty()) {
        return Optional.empty();
      }
      Key key = unsent.iterator().next();
      unsent.remove(key);
      State state = states.get(key);
      return conferences
          .get(key.conferenceId())
          .focus
          .map(focus -> new Letter(focus, state.version(), state.event()));
    } finally {
      lock.unlock();
    }
  }

  /** How many states are kept. */
  int size() {
    lock.lock();
    try {
      return states.size();
    } finally {
      lock.unlock();
    }
  }

  private void forget(Key key) {
    states.remove(key);
    unsent.remove(key);
    Conference conference = conferences.get(key.conferenceId());
    if (conference != null) {
      conference.keys.remove(key);
      if (conference.keys.isEmpty() && conference.focus.isEmpty()) {
        conferences.remove(key.conferenceId());
      }
    }
  }

  private void end(String conferenceId) {
    Conference conference = conferences.remove(conferenceId);
    if (conference != null) {
      new HashSet<>(conference.keys).forEach(states::remove);
      unsent.removeAll(conference.keys);
    }
  }
}
