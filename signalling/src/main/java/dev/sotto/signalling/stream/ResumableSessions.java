package dev.sotto.signalling.stream;

import dev.sotto.signalling.jid.Jid;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;

/**
 * The sessions that their clients may resume, by the identifiers that they were given (XEP-0198
 * section 5), and for a while what was handled of those that are over. An identifier works for its
 * own user only. Thread-safe; no stanza waits for it.
 */
public final class ResumableSessions {

  private static final int IDENTIFIER_BYTES = 24;
  private static final int MAX_REMEMBERED = 10_000;

  private final ConcurrentMap<String, DeviceLink> sessions = new ConcurrentHashMap<>();
  private final Map<String, Over> over =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Over> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  private record Over(Jid user, int handled) {}

  /** What an identifier leads to. */
  sealed interface Found {
    /** A session, which may end before it is reached. */
    record Alive(DeviceLink session) implements Found {}

    /** None, and how many stanzas the session handled if there was one. */
    record Gone(Optional<Integer> handled) implements Found {}
  }

  /** Gives a session an identifier that nobody can guess. */
  String add(DeviceLink session, RandomGenerator random) {
    byte[] bytes = new byte[IDENTIFIER_BYTES];
    random.nextBytes(bytes);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    sessions.put(id, session);
    return id;
  }

  /** The session is over, having handled so many stanzas. */
  void remove(String id, Jid user, int handled) {
    synchronized (over) {
      over.put(id, new Over(user.bare(), handled));
    }
    sessions.remove(id); // last: an identifier that was good is never unknown
  }

  /** Looks for a session of this user. */
  Found find(String id, Jid user) {
    Optional<DeviceLink> session =
        Optional.ofNullable(sessions.get(id))
            .filter(found -> found.jid().bare().equals(user.bare()));
    if (session.isPresent()) {
      return new Found.Alive(session.get());
    }
    synchronized (over) {
      return new Found.Gone(
          Optional.ofNullable(over.get(id))
              .filter(known -> known.user().equals(user.bare()))
              .map(Over::handled));
    }
  }

  /** Sessions whose clients are away. */
  public long waiting() {
    return sessions.values().stream().filter(DeviceLink::isWaiting).count();
  }
}
