package dev.sotto.signalling.routing;

import dev.sotto.signalling.SignallingSettings.Contacts;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.routing.SessionDirectory.Addition;
import dev.sotto.signalling.stream.Delivery;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaError;
import dev.sotto.signalling.stream.StanzaRouter;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.xml.Element;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The {@link StanzaRouter} of a single node (RFC 6120 section 10, RFC 6121 section 8). */
public final class LocalStanzaRouter implements StanzaRouter {

  private final String domain;
  private final Contacts contacts;
  private final SessionDirectory directory;
  private final IqAnswers iqs;
  private final MessageRouting messages;
  private final PresenceRouting presences;
  private final LongAdder stanzasRouted = new LongAdder();
  private final LongAdder callsProposed = new LongAdder();
  private final AtomicLong losses = new AtomicLong();

  /** Routes for {@code domain} among the sessions of {@code directory}. */
  public LocalStanzaRouter(
      String domain,
      Contacts contacts,
      SessionDirectory directory,
      OfflineStore offline,
      IqAnswers iqs,
      Clock clock) {
    this.domain = domain;
    this.contacts = contacts;
    this.directory = directory;
    this.iqs = iqs;
    this.messages = new MessageRouting(directory, offline, clock, domain);
    this.presences = new PresenceRouting(directory, contacts, messages);
  }

  /** Stanzas taken from clients since the start. */
  public long stanzasRouted() {
    return stanzasRouted.sum();
  }

  /** Calls proposed (XEP-0353) since the start. */
  public long callsProposed() {
    return callsProposed.sum();
  }

  @Override
  public Optional<Attachment> attach(Jid device, Link link) {
    Session session = new Session(device, link);
    Addition addition = directory.add(session);
    if (addition instanceof Addition.Refused && forgetLongestLost(device)) {
      addition = directory.add(session);
    }
    return switch (addition) {
      case Addition.Refused() -> Optional.empty();
      case Addition.Added(Optional<Session> replaced, boolean userIsNew) -> {
        replaced.ifPresent(this::replace);
        if (userIsNew && contacts == Contacts.EVERYONE) {
          RosterPush.announce(session.jid().bare(), directory);
        }
        yield Optional.of(new Attached(session));
      }
    };
  }

  /**
   * Withdraws the old device's presence before the new one can show its own: both have the same
   * name, and the old one's farewell must not come last.
   */
  private void replace(Session old) {
    presences.gone(old);
    old.terminate(
        new StreamError(
            StreamError.Condition.CONFLICT, "another connection took this resource over"));
  }

  /**
   * A client that lost its connection and comes back as another device must not be refused for the
   * sake of what it was before.
   */
  private boolean forgetLongestLost(Jid device) {
    Optional<Session> longestLost =
        directory.of(device.local()).stream()
            .filter(session -> session.loss().isPresent())
            .min(Comparator.comparingLong(session -> session.loss().orElse(Long.MAX_VALUE)));
    longestLost.ifPresent(session -> {
      directory.remove(session);
      presences.gone(session);
      session.terminate(
          new StreamError(StreamError.Condition.CONFLICT, "another device took the place"));
    });
    return longestLost.isPresent();
  }

  /** The server stops: what devices have not acknowledged is kept, not given to other devices. */
  public void stopping() {
    messages.stopping();
  }

  private final class Attached implements Attachment {
    private final Session session;

    Attached(Session session) {
      this.session = session;
    }

    @Override
    public void route(Element stanza) {
      if (!session.hasEnded()) {
        LocalStanzaRouter.this.route(session, stanza);
      }
    }

    @Override
    public void waits(boolean waits) {
      session.waits(waits ? OptionalLong.of(losses.incrementAndGet()) : OptionalLong.empty());
    }

    @Override
    public void detach() {
      directory.remove(session);
      presences.gone(session);
    }
  }

  private void route(Session sender, Element stanza) {
    stanzasRouted.increment();
    Optional<String> addressee = stanza.attribute("to");
    Optional<Jid> to = addressee.isEmpty() ? Optional.of(ownAccount(sender)) : parse(addressee);
    if (to.isEmpty()) {
      refuse(sender, stanza, StanzaError.Condition.JID_MALFORMED, "to is not a JID");
    } else if (!to.get().domain().equals(domain)) {
      refuse(
          sender,
          stanza,
          StanzaError.Condition.REMOTE_SERVER_NOT_FOUND,
          "this server serves " + domain + " only");
    } else {
      switch (stanza.name()) {
        case "iq" -> routeIq(sender, to.get(), stanza);
        case "message" -> routeMessage(sender, to.get(), stanza);
        default -> routePresence(sender, addressee.isPresent(), to.get(), stanza);
      }
    }
  }

  private static Optional<Jid> parse(Optional<String> addressee) {
    return addressee.flatMap(Jid::parse);
  }

  private static Jid ownAccount(Session sender) {
    return sender.jid().bare();
  }

  private void routeMessage(Session sender, Jid to, Element message) {
    if (message.child(Namespaces.JINGLE_MESSAGE, "propose").isPresent()) {
      callsProposed.increment();
    }
    if (to.local().isEmpty()) {
      refuse(
          sender, message, StanzaError.Condition.SERVICE_UNAVAILABLE, "the server reads no mail");
    } else {
      messages.deliver(sender, to, message);
    }
  }

  private void routePresence(Session sender, boolean addressed, Jid to, Element presence) {
    if (!addressed) {
      presences.broadcast(sender, presence);
    } else if (!to.local().isEmpty()) {
      presences.direct(sender, to, presence);
    }
  }

  private void routeIq(Session sender, Jid to, Element iq) {
    String type = iq.attribute("type").orElse("");
    boolean request = type.equals("get") || type.equals("set");
    boolean answer = type.equals("result") || type.equals("error");
    if (iq.attribute("id").isEmpty() || !(request || answer)) {
      refuse(sender, iq, StanzaError.Condition.BAD_REQUEST, "an iq has an id and a known type");
    } else if (request && iq.elements().count() != 1) {
      refuse(sender, iq, StanzaError.Condition.BAD_REQUEST, "a request has exactly one payload");
    } else if (to.isFull() && !to.local().isEmpty()) {
      Optional<Session> device = directory.of(to);
      if (device.isPresent()) {
        device.get().send(iq, request ? unanswered(sender, iq) : Delivery.UNTRACKED);
      } else if (request) {
        refuse(
            sender, iq, StanzaError.Condition.SERVICE_UNAVAILABLE, "that device is not connected");
      }
    } else if (request) {
      iqs.answer(sender, to, iq);
    }
  }

  /** A device that is gone will not answer: the server does. */
  private static Delivery unanswered(Session sender, Element iq) {
    return (by, waited) ->
        refuse(
            sender,
            iq,
            StanzaError.Condition.RECIPIENT_UNAVAILABLE,
            "that device has gone before it had this");
  }

  /** Errors are answers, and answers are never answered (RFC 6120 section 8.3.1). */
  private static void refuse(
      Session sender, Element stanza, StanzaError.Condition condition, String text) {
    String type = stanza.attribute("type").orElse("");
    boolean isAnswer =
        type.equals("error") || (stanza.name().equals("iq") && type.equals("result"));
    if (!isAnswer) {
      sender.send(new StanzaError(condition, text).answerTo(stanza));
    }
  }
}
