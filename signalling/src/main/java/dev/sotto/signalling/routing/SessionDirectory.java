package dev.sotto.signalling.routing;

import dev.sotto.signalling.jid.Jid;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Who is connected, and which users this server has seen since it started. Lists are immutable and
 * replaced whole, so readers never lock.
 */
public final class SessionDirectory {

  private final ConcurrentMap<String, List<Session>> sessionsByUser = new ConcurrentHashMap<>();
  private final int devicesPerUser;

  /** At most {@code devicesPerUser} sessions a user. */
  public SessionDirectory(int devicesPerUser) {
    this.devicesPerUser = devicesPerUser;
  }

  /** What {@link #add} did. */
  public sealed interface Addition {
    /** The session is in; {@code replaced} had the same full JID. */
    record Added(Optional<Session> replaced, boolean userIsNew) implements Addition {}

    /** The user has too many devices. */
    record Refused() implements Addition {}
  }

  Addition add(Session session) {
    AtomicReference<Addition> outcome = new AtomicReference<>(new Addition.Refused());
    sessionsByUser.compute(
        session.jid().local(),
        (user, known) -> {
          List<Session> before = known == null ? List.of() : known;
          Optional<Session> same =
              before.stream().filter(other -> other.jid().equals(session.jid())).findAny();
          if (same.isEmpty() && before.size() >= devicesPerUser) {
            return known;
          }
          outcome.set(new Addition.Added(same, known == null));
          return Stream.concat(
                  before.stream().filter(other -> !other.jid().equals(session.jid())),
                  Stream.of(session))
              .toList();
        });
    return outcome.get();
  }

  void remove(Session session) {
    // The user stays known: an empty list is "was here, is away".
    sessionsByUser.computeIfPresent(
        session.jid().local(),
        (user, known) -> known.stream().filter(other -> other != session).toList());
  }

  /** The devices of a user, connected but not necessarily available. */
  public List<Session> of(String user) {
    return sessionsByUser.getOrDefault(user, List.of());
  }

  /** The device of this full JID. */
  public Optional<Session> of(Jid full) {
    for (Session session : of(full.local())) {
      if (session.jid().resource().equals(full.resource())) {
        return Optional.of(session);
      }
    }
    return Optional.empty();
  }

  /** Whether this server has seen the user. */
  public boolean knows(String user) {
    return sessionsByUser.containsKey(user);
  }

  /** Every user that this server has seen. */
  public Collection<String> users() {
    return sessionsByUser.keySet();
  }

  /** Every connected device. */
  public Stream<Session> all() {
    return sessionsByUser.values().stream().flatMap(List::stream);
  }
}
