package dev.sotto.signalling.routing;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.stream.Delay;
import dev.sotto.signalling.stream.Delivery;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaError;
import dev.sotto.signalling.stream.StanzaRouter.Link;
import dev.sotto.signalling.stream.management.ClientState;
import dev.sotto.signalling.xml.Element;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
  private volatile boolean stopping;

  MessageRouting(SessionDirectory directory, OfflineStore offline, Clock clock, String domain) {
    this.directory = directory;
    this.offline = offline;
    this.clock = clock;
    this.domain = domain;
  }

  /** Delivers to a user of this domain. */
  void deliver(Session sender, Jid to, Element message) {
    String type = typeOf(message);
    MessageDelivery delivery =
        new MessageDelivery((waited, tried) -> deliverLate(sender, to, message, waited, tried));
    Set<Session> reached = new HashSet<>();
    Optional<Session> device = to.isFull() ? directory.of(to) : Optional.empty();
    if (device.isPresent()) {
      device.get().send(message, delivery.another());
      reached.add(device.get());
    } else {
      switch (type) {
        case "error" -> {} // RFC 6121 section 8.5.3.2.1: errors are never bounced
        case "groupchat" -> unavailable(sender, message, "there are no chat rooms here");
        case "headline" -> {
          if (!to.isFull()) {
            toBareJid(to, message, reached, delivery);
          }
        }
        case "normal" -> {
          if (to.isFull()) { // RFC 6121 section 8.5.3.2.1: only chat goes on to the account
            unavailable(sender, message, "that device is not connected");
          } else {
            toBareJidOrKept(sender, to, message, reached, delivery);
          }
        }
        default -> toBareJidOrKept(sender, to, message, reached, delivery);
      }
    }
    if (isCopied(message, type)) {
      copyToOthers(sender, to, message, reached, delivery);
    }
    delivery.sent();
  }

  /**
   * What devices took and lost before their clients had it goes to those that came later, or is
   * kept. For chat that is what RFC 6121 section 8.5.3.2.1 says of a device that is gone; of other
   * messages their sender has heard nothing, so they must not be lost either.
   */
  private void deliverLate(
      Session sender, Jid to, Element message, Duration waited, Set<Link> tried) {
    boolean lost =
        switch (typeOf(message)) {
          case "chat", "normal" -> !ClientState.isChatState(message);
          default -> false;
        };
    if (lost) {
      Instant since = clock.instant().minus(waited);
      again(sender, to.bare(), Delay.stamp(message, domain, since), tried);
    }
  }

  private void again(Session sender, Jid account, Element delayed, Set<Link> tried) {
    MessageDelivery delivery =
        new MessageDelivery((waited, alsoTried) ->
            again(
                sender,
                account,
                delayed,
                Stream.concat(tried.stream(), alsoTried.stream()).collect(Collectors.toSet())));
    Set<Session> reached = new HashSet<>();
    if (!stopping) {
      for (Session session : devicesBut(tried, account)) {
        session.send(delayed, delivery.another());
        reached.add(session);
      }
    }
    if (reached.isEmpty()) {
      keep(sender, account, delayed, tried);
    }
    delivery.sent();
  }

  private List<Session> devicesBut(Set<Link> tried, Jid account) {
    return directory.of(account.local()).stream()
        .filter(Session::takesBareMessages)
        .filter(session -> tried.stream().noneMatch(session::isReachedBy))
        .toList();
  }

  /** From now on nobody is there to take what others could not. */
  void stopping() {
    stopping = true;
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
      Jid account = session.jid().bare();
      for (Element message : offline.takeAll(account.local())) {
        session.send(message, (by, waited) -> again(session, account, message, Set.of(by)));
      }
    }
  }

  private void toBareJidOrKept(
      Session sender, Jid to, Element message, Set<Session> reached, MessageDelivery delivery) {
    toBareJid(to, message, reached, delivery);
    if (reached.isEmpty()) {
      keep(sender, to, Delay.stamp(message, domain, clock.instant()), Set.of());
    }
  }

  private void toBareJid(Jid to, Element message, Set<Session> reached, MessageDelivery delivery) {
    for (Session session : directory.of(to.local())) {
      if (session.takesBareMessages()) {
        session.send(message, delivery.another());
        reached.add(session);
      }
    }
  }

  private void keep(Session sender, Jid to, Element message, Set<Link> tried) {
    if (!directory.knows(to.local())) {
      unavailable(sender, message, "nobody of that name is known here");
    } else if (!isKept(message)) {
      unavailable(sender, message, "no device of that user is connected");
    } else {
      if (!offline.keep(to.local(), message)) {
        unavailable(sender, message, "too much is waiting for that user already");
      }
      // A device may have come in between the look at the directory and the keeping.
      if (!stopping) {
        devicesBut(tried, to).stream().findFirst().ifPresent(this::deliverKept);
      }
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

  /** A copy is as good as the message to the user who is to have it. */
  private void copyToOthers(
      Session sender, Jid to, Element message, Set<Session> reached, MessageDelivery delivery) {
    Set<Session> served = new HashSet<>(reached);
    served.add(sender);
    copy("received", directory.of(to.local()), message, served, delivery::another);
    copy("sent", directory.of(sender.jid().local()), message, served, () -> Delivery.UNTRACKED);
  }

  private void copy(
      String direction,
      List<Session> sessions,
      Element message,
      Set<Session> served,
      Supplier<Delivery> delivery) {
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
                        .plus(Element.of(Namespaces.FORWARD, "forwarded").plus(message))),
            delivery.get());
      }
    }
  }
}
