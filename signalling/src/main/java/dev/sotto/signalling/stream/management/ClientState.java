package dev.sotto.signalling.stream.management;

import dev.sotto.signalling.stream.Delivery;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a person looks at the client (XEP-0352), and what waits while nobody does: of each sender
 * the latest presence and the latest chat state (XEP-0085). Whatever belongs to a call or to a
 * conversation does not wait, and takes along what waited before it.
 */
public final class ClientState {

  /** More senders than this are not waited for. */
  private static final int MAX_HELD = 500;

  /** A stanza that waits. */
  public record Held(Element stanza, Delivery delivery) {}

  /** {@code to} tells apart what other devices of the own account say to different people. */
  private record Key(String kind, String from, String to) {

    static Key of(Element stanza) {
      Element said = inner(stanza);
      return new Key(
          stanza.name(), said.attribute("from").orElse(""), said.attribute("to").orElse(""));
    }
  }

  private final Map<Key, Held> held = new LinkedHashMap<>();
  private boolean inactive;

  /** {@code <inactive/>}. */
  public void becomeInactive() {
    inactive = true;
  }

  /** {@code <active/>}, or a new connection; what waits is still to be taken. */
  public void becomeActive() {
    inactive = false;
  }

  /** Keeps the stanza back if it may wait; the caller sends what it may not. */
  public boolean holds(Element stanza, Delivery delivery) {
    if (!inactive || held.size() >= MAX_HELD || !mayWait(stanza)) {
      return false;
    }
    Key key = Key.of(stanza);
    // Taken out first: the latest word has its place after what came before it.
    Optional.ofNullable(held.remove(key)).ifPresent(older -> older.delivery().acknowledged());
    held.put(key, new Held(stanza, delivery));
    return true;
  }

  /** Takes out what waits, oldest first. */
  public List<Held> takeHeld() {
    if (held.isEmpty()) {
      return List.of();
    }
    List<Held> all = new ArrayList<>(held.values());
    held.clear();
    return all;
  }

  private static boolean mayWait(Element stanza) {
    return switch (stanza.name()) {
      case "presence" -> {
        String type = stanza.attribute("type").orElse("");
        yield type.isEmpty() || type.equals("unavailable");
      }
      case "message" -> isChatState(inner(stanza));
      default -> false;
    };
  }

  /** What a copy (XEP-0280) is a copy of. */
  private static Element inner(Element message) {
    return message
        .firstElement()
        .filter(copy -> copy.namespace().equals(Namespaces.CARBONS))
        .flatMap(copy -> copy.child(Namespaces.FORWARD, "forwarded"))
        .flatMap(forwarded -> forwarded.child(Namespaces.CLIENT, "message"))
        .orElse(message);
  }

  /** Whether a message says that somebody writes or has stopped to, and nothing else. */
  public static boolean isChatState(Element message) {
    return !message.attribute("type").orElse("").equals("error")
        && message.hasChildOf(Namespaces.CHAT_STATES)
        && message
            .elements()
            .allMatch(child ->
                child.namespace().equals(Namespaces.CHAT_STATES)
                    || child.namespace().equals(Namespaces.HINTS)
                    || child.namespace().equals(Namespaces.STANZA_IDS)
                    || child.is(Namespaces.CLIENT, "thread"));
  }
}
