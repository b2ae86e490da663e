package dev.sotto.signalling.routing;

import dev.sotto.signalling.SignallingSettings.Contacts;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.routing.Session.AvailablePresence;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaError;
import dev.sotto.signalling.xml.Element;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Presence (RFC 6121 section 4): broadcast to contacts, directed to named devices, withdrawn when a
 * device goes. With {@link Contacts#EVERYONE} the whole domain is subscribed to each other and
 * nobody has to ask.
 *
 * <p>A device's presence changes on its own loop and on the one that takes its name over. Whoever
 * changes or passes it on holds the session's monitor until all are told, so that nobody hears the
 * last word before the one that preceded it; no thread holds two.
 */
final class PresenceRouting {

  private static final int MAX_DIRECTED = 500;

  private final SessionDirectory directory;
  private final Contacts contacts;
  private final MessageRouting messages;

  PresenceRouting(SessionDirectory directory, Contacts contacts, MessageRouting messages) {
    this.directory = directory;
    this.contacts = contacts;
    this.messages = messages;
  }

  /** Presence without an addressee. */
  void broadcast(Session sender, Element presence) {
    switch (presence.attribute("type").orElse("available")) {
      case "available" -> becomeAvailable(sender, presence);
      case "unavailable" -> becomeUnavailable(sender, presence);
      case "error" -> {} // errors are never answered (RFC 6120 section 8.3.1)
      default ->
          sender.send(
              new StanzaError(StanzaError.Condition.BAD_REQUEST, "this presence needs an addressee")
                  .answerTo(presence));
    }
  }

  /** Presence to a user of this domain. */
  void direct(Session sender, Jid to, Element presence) {
    switch (presence.attribute("type").orElse("available")) {
      case "available" -> show(sender, to, presence);
      case "unavailable" -> hide(sender, to, presence);
      case "probe" -> answerProbe(sender, to);
      case "error" -> deliver(to, presence);
      case "subscribe" -> answerSubscription(sender, to, presence);
      default -> {} // subscribed, unsubscribe, unsubscribed: nothing is kept that they could change
    }
  }

  /** The device is gone, with or without a farewell. */
  void gone(Session session) {
    Element farewell =
        Element.of(
            Namespaces.CLIENT, "presence", "from", session.jid().toString(), "type", "unavailable");
    synchronized (session) {
      becomeUnavailable(session, farewell);
      session.end();
    }
  }

  private void show(Session sender, Jid to, Element presence) {
    synchronized (sender) {
      if (!sender.hasEnded() && sender.directedPresence().size() < MAX_DIRECTED) {
        sender.directedPresence().add(to);
        deliver(to, presence);
      }
    }
  }

  private void hide(Session sender, Jid to, Element presence) {
    synchronized (sender) {
      if (!sender.hasEnded()) {
        sender.directedPresence().remove(to);
        deliver(to, presence);
      }
    }
  }

  private void becomeAvailable(Session sender, Element presence) {
    boolean initial;
    boolean tookMessages;
    synchronized (sender) {
      if (sender.hasEnded()) {
        return;
      }
      initial = sender.presence().isEmpty();
      tookMessages = sender.takesBareMessages();
      // Set first, then look: of two devices that come at once, at least one sees the other.
      sender.presence(Optional.of(new AvailablePresence(presence, priority(presence))));
      audience(sender).forEach(other -> other.send(addressed(presence, other)));
    }
    if (initial) {
      audience(sender)
          .filter(other -> other != sender)
          .forEach(other -> tellPresence(sender, other));
    }
    if (!tookMessages) {
      messages.deliverKept(sender);
    }
  }

  private void becomeUnavailable(Session sender, Element presence) {
    synchronized (sender) {
      Set<Session> told = new HashSet<>();
      if (sender.presence().isPresent()) {
        sender.presence(Optional.empty());
        audience(sender).filter(told::add).forEach(other -> other.send(addressed(presence, other)));
      }
      for (Jid to : sender.directedPresence()) {
        Element directed = presence.with("to", to.toString());
        devices(to).stream().filter(told::add).forEach(device -> device.send(directed));
      }
      sender.directedPresence().clear();
    }
  }

  /** The available devices that see this one's presence: its own, and its contacts'. */
  private Stream<Session> audience(Session sender) {
    Stream<Session> all =
        contacts == Contacts.EVERYONE
            ? directory.all()
            : directory.of(sender.jid().local()).stream();
    return all.filter(other -> other.presence().isPresent());
  }

  private void answerProbe(Session sender, Jid to) {
    if (contacts == Contacts.EVERYONE || to.local().equals(sender.jid().local())) {
      for (Session device : devices(to)) {
        tellPresence(sender, device);
      }
    }
  }

  private void answerSubscription(Session sender, Jid to, Element presence) {
    if (contacts == Contacts.EVERYONE && directory.knows(to.local())) {
      sender.send(
          Element.of(
              Namespaces.CLIENT,
              "presence",
              "type",
              "subscribed",
              "from",
              to.bare().toString(),
              "to",
              sender.jid().bare().toString()));
      answerProbe(sender, to.bare());
    } else {
      sender.send(
          new StanzaError(StanzaError.Condition.NOT_ALLOWED, "contacts are kept by the app")
              .answerTo(presence));
    }
  }

  private void deliver(Jid to, Element presence) {
    devices(to).forEach(device -> device.send(presence));
  }

  private List<Session> devices(Jid to) {
    return to.isFull()
        ? directory.of(to).stream().toList()
        : directory.of(to.local()).stream().filter(s -> s.presence().isPresent()).toList();
  }

  private static void tellPresence(Session to, Session about) {
    synchronized (about) {
      about.presence().ifPresent(presence -> to.send(addressed(presence.stanza(), to)));
    }
  }

  private static Element addressed(Element presence, Session to) {
    return presence.with("to", to.jid().toString());
  }

  private static int priority(Element presence) {
    String text =
        presence.child(Namespaces.CLIENT, "priority").map(Element::text).orElse("0").strip();
    try {
      return Byte.parseByte(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
