package dev.sotto.signalling.routing;

import dev.sotto.signalling.xml.Element;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/** An {@link OfflineStore} of this process, bounded per user. */
public final class InMemoryOfflineStore implements OfflineStore {

  private final ConcurrentMap<String, List<Element>> kept = new ConcurrentHashMap<>();
  private final int messagesPerUser;

  /** Keeps at most {@code messagesPerUser} for each user. */
  public InMemoryOfflineStore(int messagesPerUser) {
    this.messagesPerUser = messagesPerUser;
  }

  @Override
  public boolean keep(String user, Element message) {
    boolean[] fits = {false};
    kept.compute(
        user,
        (name, before) -> {
          List<Element> messages = before == null ? List.of() : before;
          fits[0] = messages.size() < messagesPerUser;
          return fits[0] ? Stream.concat(messages.stream(), Stream.of(message)).toList() : messages;
        });
    return fits[0];
  }

  @Override
  public List<Element> takeAll(String user) {
    List<Element> messages = kept.remove(user);
    return messages == null ? List.of() : messages;
  }
}
