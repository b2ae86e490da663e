package dev.sotto.signalling.service;

import dev.sotto.signalling.SignallingSettings.Contacts;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.routing.RosterPush;
import dev.sotto.signalling.routing.Session;
import dev.sotto.signalling.routing.SessionDirectory;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.stream.StanzaError;
import dev.sotto.signalling.xml.Element;
import java.util.List;

/**
 * The roster (RFC 6121 section 2) as the server's settings make it: everyone that this server has
 * seen, or nobody. Users cannot change it: a set is refused, and one that is none (sections 2.1.5
 * and 2.3.3) as such.
 */
public final class SharedRoster implements IqHandler {

  private final Contacts contacts;
  private final SessionDirectory directory;
  private final String domain;

  /** The roster of {@code domain}. */
  public SharedRoster(Contacts contacts, SessionDirectory directory, String domain) {
    this.contacts = contacts;
    this.directory = directory;
    this.domain = domain;
  }

  @Override
  public List<String> features() {
    return List.of();
  }

  @Override
  public boolean handles(String type, Element payload, Jid to) {
    return !to.local().isEmpty() && payload.is(Namespaces.ROSTER, "query");
  }

  @Override
  public Answer answer(Session sender, String type, Element payload, Jid to) {
    long items = payload.elements().count();
    if (type.equals("set")) {
      return items == 1 && payload.child(Namespaces.ROSTER, "item").isPresent()
          ? failure(StanzaError.Condition.NOT_ALLOWED, "the contact list is kept by the server")
          : failure(StanzaError.Condition.BAD_REQUEST, "a roster set has exactly one item");
    }
    if (items > 0) {
      return failure(StanzaError.Condition.BAD_REQUEST, "a roster get has no items");
    }
    sender.requestRoster();
    Element roster = Element.of(Namespaces.ROSTER, "query");
    if (contacts == Contacts.EVERYONE) {
      for (String user : directory.users()) {
        if (!user.equals(sender.jid().local())) {
          roster = roster.plus(RosterPush.item(new Jid(user, domain, "")));
        }
      }
    }
    return Answer.of(roster);
  }

  private static Answer failure(StanzaError.Condition condition, String text) {
    return new Answer.Failure(new StanzaError(condition, text));
  }
}
