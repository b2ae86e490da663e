package dev.sotto.signalling.routing;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;

/** Tells devices that asked for the roster of a new contact (RFC 6121 section 2.1.6). */
public final class RosterPush {

  private RosterPush() {}

  /** Pushes a new user to everyone else. */
  static void announce(Jid user, SessionDirectory directory) {
    Element query = Element.of(Namespaces.ROSTER, "query").plus(item(user));
    directory
        .all()
        .filter(device -> device.rosterRequested() && !device.jid().bare().equals(user))
        .forEach(device ->
            device.send(
                Element.of(
                        Namespaces.CLIENT,
                        "iq",
                        "type",
                        "set",
                        "id",
                        "roster-" + user.local(),
                        "to",
                        device.jid().toString())
                    .plus(query)));
  }

  /** A contact as rosters show it. */
  public static Element item(Jid user) {
    return Element.of(Namespaces.ROSTER, "item", "jid", user.toString(), "subscription", "both");
  }
}
