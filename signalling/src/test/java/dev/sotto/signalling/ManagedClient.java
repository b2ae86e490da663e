package dev.sotto.signalling;

import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Supplier;

/** The client's half of XEP-0198 over real connections, one after the other. */
final class ManagedClient implements AutoCloseable {

  private final Supplier<TestClient> door;
  private final String user;
  private final String resource;
  private final Deque<String> unacknowledged = new ArrayDeque<>();
  private TestClient client;
  private String id = "";
  private int handled;
  private int taken;

  /** Signs in through {@code door}, which gives connections on which a stream is open. */
  ManagedClient(Supplier<TestClient> door, String user, String resource) {
    this.door = door;
    this.user = user;
    this.resource = resource;
    this.client = authenticated();
    begin();
  }

  private TestClient authenticated() {
    TestClient fresh = door.get();
    Element success = fresh.authenticate(user, TestKeys.token(user));
    if (!success.is(Namespaces.SASL, "success")) {
      throw new AssertionError(success.toString());
    }
    fresh.openStream();
    return fresh;
  }

  /** Binds and enables; shows no presence, so that nobody else's comes. */
  private void begin() {
    Element bound =
        client.ask(
            "set",
            "bind",
            "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>"
                + resource
                + "</resource></bind>");
    if (bound.child(Namespaces.BIND, "bind").isEmpty()) {
      throw new AssertionError(bound.toString());
    }
    handled = 0;
    taken = 0;
    unacknowledged.clear();
    client.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    id = client.next(e -> e.name().equals("enabled")).attribute("id").orElseThrow();
  }

  String jid() {
    return user.toLowerCase(Locale.ROOT) + "@" + TestServer.DOMAIN + "/" + resource;
  }

  void says(String stanza) {
    unacknowledged.add(stanza);
    client.send(stanza);
  }

  /** The next stanza; what belongs to stream management is answered on the way. */
  Element hears() {
    while (true) {
      Element element = client.next();
      switch (element.name()) {
        case "r" -> client.send("<a xmlns='urn:xmpp:sm:3' h='" + handled + "'/>");
        case "a" -> forget(element);
        case "message", "iq", "presence" -> {
          handled++;
          return element;
        }
        default -> throw new AssertionError(element.toString());
      }
    }
  }

  private void forget(Element counted) {
    int h = Integer.parseUnsignedInt(counted.attribute("h").orElseThrow());
    while (taken != h) {
      unacknowledged.remove();
      taken++;
    }
  }

  /** The connection ends without a farewell. */
  void isCutOff() {
    client.close();
  }

  /** Comes back, whatever has become of the last connection; the answer to {@code <resume/>}. */
  Element comesBack() {
    client = authenticated();
    client.send("<resume xmlns='urn:xmpp:sm:3' previd='" + id + "' h='" + handled + "'/>");
    Element answer = client.next();
    if (answer.name().equals("resumed")) {
      forget(answer);
      unacknowledged.forEach(client::send);
    }
    return answer;
  }

  /** After a failed resumption. */
  void beginsAnew() {
    begin();
  }

  TestClient connection() {
    return client;
  }

  @Override
  public void close() {
    client.close();
  }
}
