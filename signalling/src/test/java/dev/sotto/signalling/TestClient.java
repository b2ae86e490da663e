package dev.sotto.signalling;

import dev.sotto.signalling.sasl.ScramClient;
import dev.sotto.signalling.stream.Namespaces;
import dev.sotto.signalling.xml.Element;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** An XMPP client that does exactly what a test says, over any transport. */
public abstract class TestClient implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 10;

  /** What a server can say: an element, or nothing any more. */
  sealed interface Heard {
    record Said(Element element) implements Heard {}

    record Ended() implements Heard {}
  }

  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private String jid = "";

  /** Sends these characters as they are. */
  public abstract void send(String xml);

  /** Opens a stream, the first or a new one after SASL, and returns the features. */
  abstract Element openStream();

  @Override
  public abstract void close();

  final void hear(Heard what) {
    heard.add(what);
  }

  /** The full JID once bound. */
  public final String jid() {
    return jid;
  }

  public final String bareJid() {
    return jid.substring(0, jid.indexOf('/'));
  }

  /** The next element; fails the test if the stream ends or stays silent. */
  public final Element next() {
    return switch (nextHeard()) {
      case Heard.Said(Element element) -> element;
      case Heard.Ended() -> throw new AssertionError("the server ended the stream");
    };
  }

  /** The next element that is like this, skipping what is not. */
  public final Element next(Predicate<Element> like) {
    Element element = next();
    while (!like.test(element)) {
      element = next();
    }
    return element;
  }

  /** The name of the stream error that ends the stream; empty if it ends without one. */
  public final Optional<String> awaitEnd() {
    Optional<String> error = Optional.empty();
    while (true) {
      switch (nextHeard()) {
        case Heard.Ended() -> {
          return error;
        }
        case Heard.Said(Element element) -> {
          if (element.is(Namespaces.STREAMS, "error")) {
            error = element.firstElement().map(Element::name);
          }
        }
      }
    }
  }

  private Heard nextHeard() {
    try {
      Heard next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("the server stays silent");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** SASL PLAIN with a token, up to the answer. */
  public final Element authenticate(String user, String token) {
    String message = "\0" + user + "\0" + token;
    send(
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
            + Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.UTF_8))
            + "</auth>");
    return next();
  }

  /** SASL SCRAM up to the answer, which is checked to be of a server that knows the password. */
  public final Element authenticate(String mechanism, ScramClient scram) {
    send(
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='"
            + mechanism
            + "'>"
            + base64(scram.first())
            + "</auth>");
    Element challenge = next();
    if (!challenge.is(Namespaces.SASL, "challenge")) {
      return challenge;
    }
    send(
        "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
            + base64(scram.last(text(challenge)))
            + "</response>");
    Element answer = next();
    if (answer.is(Namespaces.SASL, "success") && !scram.trusts(text(answer))) {
      throw new AssertionError("the server does not know the password");
    }
    return answer;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Element element) {
    return new String(Base64.getDecoder().decode(element.text()), StandardCharsets.UTF_8);
  }

  /** From an open stream with features to a bound resource. */
  final void logIn(String user, String resource) {
    Element success = authenticate(user, TestKeys.token(user));
    if (!success.is(Namespaces.SASL, "success")) {
      throw new AssertionError(success.toString());
    }
    bind(resource);
  }

  /** From SASL's success to a bound resource. */
  public final void bind(String resource) {
    openStream();
    send(
        "<iq xmlns='jabber:client' type='set' id='bind'>"
            + "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>"
            + (resource + "</resource></bind></iq>"));
    jid =
        next()
            .child(Namespaces.BIND, "bind")
            .flatMap(bind -> bind.child(Namespaces.BIND, "jid"))
            .orElseThrow()
            .text();
  }

  /** Sends initial presence and waits until it is back. */
  public final void becomeAvailable() {
    send("<presence xmlns='jabber:client'/>");
    next(p -> p.name().equals("presence") && p.attribute("from").equals(Optional.of(jid)));
  }

  /** Asks the server for something and returns its answer. */
  public final Element ask(String type, String id, String payload) {
    send("<iq xmlns='jabber:client' type='" + type + "' id='" + id + "'>" + payload + "</iq>");
    return next(iq -> iq.attribute("id").equals(Optional.of(id)));
  }

  /** Proves that the server still serves this client, by a ping there and back. */
  public final void assertServed(String id) {
    Element pong = ask("get", id, "<ping xmlns='urn:xmpp:ping'/>");
    if (!pong.attribute("type").equals(Optional.of("result"))) {
      throw new AssertionError(pong.toString());
    }
  }
}
