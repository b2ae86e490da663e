package dev.sotto.signalling.routing;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaError;
import dev.sotto.signalling.xml.Element;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Messages to users of this domain (RFC 6121 section 8.5), their copies to the other devices of
 * both sides (XEP-0280), and what is kept for those who are away (XEP-0160). Call set-up messages
 * (XEP-0353) are copied and kept like chat, as section 3 there asks of a server.
 */
final class MessageRouting {

  private final SessionDirectory directory;
  private final OfflineStore offline;
  private final Clock clock;
  private final String domain;

  MessageRouting(SessionDirectory directory, OfflineStore offline, Clock clock, String domain) {
    this.directory = directory;
    this.offline = offline;
    this.clock = clock;
    this.domain = domain;
  }

  /** Delivers to a user of this domain. */
  void deliver(Session sender, Jid to, Element message) {
    String type = typeOf(message);
    Set<Session> reached = new HashSet<>();
    Optional<Session> device = to.isFull() ? directory.of(to) : Optional.empty();
    if (device.isPresent()) {
      device.get().send(message);
      reached.add(device.get());
    } else {
      switch (type) {
        case "error" -> {} // RFC 6121 section 8.5.3.2.1: errors are never bounced
        case "groupchat" -> unavailable(sender, message, "there are no chat rooms here");
        case "headline" -> {
          if (!to.isFull()) {
            toBareJid(to, message, reached);
          }
        }
        case "normal" -> {
          if (to.isFull()) { // RFC 6121 section 8.5.3.2.1: only chat goes on to the account
            unavailable(sender, message, "that device is not connected");
          } else {
            toBareJidOrKept(sender, to, message, reached);
          }
        }
        default -> toBareJidOrKept(sender, to, message, reached);
      }
    }
    if (isCopied(message, type)) {
      copyToOthers(sender, to, message, reached);
    }
  }

  /** What is not defined counts as normal (RFC 6121 section 5.2.2). */
  private static String typeOf(Element message) {
    String type = message.attribute("type").orElse("normal");
    return switch (type) {
      case "chat", "error", "groupchat", "headline" -> type;
      default -> "normal";
    };
  }

  /** Sends what was kept, once a device is there to take it. */
  void deliverKept(Session session) {
    if (session.takesBareMessages()) {
      offline.takeAll(session.jid().local()).forEach(session::send);
    }
  }

  private void toBareJidOrKept(Session sender, Jid to, Element message, Set<Session> reached) {
    toBareJid(to, message, reached);
    if (reached.isEmpty()) {
      keep(sender, to, message);
    }
  }

  private void toBareJid(Jid to, Element message, Set<Session> reached) {
    for (Session session : directory.of(to.local())) {
      if (session.takesBareMessages()) {
        session.send(message);
        reached.add(session);
      }
    }
  }

  private void keep(Session sender, Jid to, Element message) {
    if (!directory.knows(to.local())) {
      unavailable(sender, message, "nobody of that name is known here");
    } else if (!isKept(message)) {
      unavailable(sender, message, "no device of that user is connected");
    } else {
      Element delayed =
          message.plus(
              Element.of(
                  Namespaces.DELAY,
                  "delay",
                  "from",
                  domain,
                  "stamp",
                  clock.instant().truncatedTo(ChronoUnit.MILLIS).toString()));
      if (!offline.keep(to.local(), delayed)) {
        unavailable(sender, message, "too much is waiting for that user already");
      }
      // A device may have come in between the look at the directory and the keeping.
      directory.of(to.local()).stream()
          .filter(Session::takesBareMessages)
          .findFirst()
          .ifPresent(this::deliverKept);
    }
  }

  private static void unavailable(Session sender, Element message, String text) {
    sender.send(new StanzaError(StanzaError.Condition.SERVICE_UNAVAILABLE, text).answerTo(message));
  }

  /** Ringing and proceed mean nothing to a device that was not there when they came. */
  private static boolean isKept(Element message) {
    if (message.child(Namespaces.HINTS, "no-store").isPresent()
        || message.child(Namespaces.HINTS, "no-permanent-store").isPresent()) {
      return false;
    }
    boolean momentary =
        message.child(Namespaces.JINGLE_MESSAGE, "ringing").isPresent()
            || message.child(Namespaces.JINGLE_MESSAGE, "proceed").isPresent();
    boolean lasting =
        message.hasChildOf(Namespaces.JINGLE_MESSAGE)
            || message.child(Namespaces.CLIENT, "body").isPresent()
            || message.child(Namespaces.HINTS, "store").isPresent();
    return lasting && !momentary;
  }

  /** XEP-0280 section 6.1, with call set-up beside bodies. */
  private static boolean isCopied(Element message, String type) {
    if (message.child(Namespaces.CARBONS, "private").isPresent()
        || message.child(Namespaces.HINTS, "no-copy").isPresent()
        || message.hasChildOf(Namespaces.CARBONS)) {
      return false;
    }
    return switch (type) {
      case "chat" -> true;
      case "normal" ->
          message.hasChildOf(Namespaces.JINGLE_MESSAGE)
              || message.child(Namespaces.CLIENT, "body").isPresent();
      default -> false;
    };
  }

  private void copyToOthers(Session sender, Jid to, Element message, Set<Session> reached) {
    Set<Session> served = new HashSet<>(reached);
    served.add(sender);
    copy("received", directory.of(to.local()), message, served);
    copy("sent", directory.of(sender.jid().local()), message, served);
  }

  private void copy(
      String direction, List<Session> sessions, Element message, Set<Session> served) {
    for (Session session : sessions) {
      if (session.carbonsEnabled() && served.add(session)) {
        String account = new Jid(session.jid().local(), domain, "").toString();
        session.send(
            Element.of(
                    Namespaces.CLIENT,
                    "message",
                    "from",
                    account,
                    "to",
                    session.jid().toString(),
                    "type",
                    typeOf(message))
                .plus(
                    Element.of(Namespaces.CARBONS, direction)
                        .plus(Element.of(Namespaces.FORWARD, "forwarded").plus(message))));
      }
    }
  }
}
