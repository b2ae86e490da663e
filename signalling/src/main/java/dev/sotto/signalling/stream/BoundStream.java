package dev.sotto.signalling.stream;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.stream.management.Nonza;
import dev.sotto.signalling.xml.Element;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A stream that has its resource (RFC 6120 section 8): takes stanzas to the router, with the sender
 * checked and stamped, and no faster than is allowed; and says to the session what the client says
 * of its connection and itself (XEP-0198, XEP-0352).
 */
final class BoundStream {

  private final StreamTransport transport;
  private final StreamContext context;
  private final DeviceLink link;
  private final Consumer<StreamError> failed;
  private final RateLimiter rate;
  private final KeepAlive keepAlive;

  /** {@code lost} is for a client that does not answer, {@code failed} for all else. */
  BoundStream(
      StreamTransport transport,
      StreamContext context,
      DeviceLink link,
      Consumer<StreamError> failed,
      Consumer<StreamError> lost) {
    this.transport = transport;
    this.context = context;
    this.link = link;
    this.failed = failed;
    this.rate =
        new RateLimiter(context.limits().stanzasPerSecond(), context.nanoClock().getAsLong());
    this.keepAlive = new KeepAlive(transport, context, link, lost);
  }

  /** The client sent something. */
  void heard() {
    keepAlive.heard();
  }

  /** One first-level element. */
  void onStanza(Element stanza) {
    switch (stanza.namespace()) {
      case Namespaces.CLIENT -> route(stanza);
      case Namespaces.STREAM_MANAGEMENT -> {
        throttle();
        onManagement(stanza);
      }
      case Namespaces.CLIENT_STATE -> {
        throttle();
        onClientState(stanza);
      }
      default -> fail(StreamError.Condition.INVALID_NAMESPACE, "stanzas are of jabber:client");
    }
  }

  private void route(Element stanza) {
    if (!isStanza(stanza)) {
      fail(StreamError.Condition.UNSUPPORTED_STANZA_TYPE, "message, presence or iq was expected");
      return;
    }
    Optional<String> from = stanza.attribute("from");
    if (from.isPresent() && !isOwn(from.get())) {
      // RFC 6120 section 8.1.2.1.
      fail(StreamError.Condition.INVALID_FROM, "from is " + link.jid());
      return;
    }
    throttle();
    link.handle(Delay.unforged(stanza, context.domain()).with("from", link.jid().toString()));
  }

  private void onManagement(Element nonza) {
    switch (nonza.name()) {
      case "enable" -> {
        if (link.isManaged()) {
          unexpected();
        } else {
          link.enable(nonza);
        }
      }
      case "resume" -> unexpected(); // a resource is bound already
      case "r" -> link.answer().ifPresentOrElse(transport::send, this::unexpected);
      case "a" -> Nonza.count(nonza).ifPresentOrElse(this::onAnswer, this::notACount);
      default -> fail(StreamError.Condition.UNSUPPORTED_STANZA_TYPE, "enable, r or a was expected");
    }
  }

  private void onAnswer(int h) {
    if (link.isManaged()) {
      link.acknowledge(h).ifPresent(failed);
    } else {
      unexpected();
    }
  }

  private void notACount() {
    fail(StreamError.Condition.BAD_FORMAT, "h is a number from 0 to 4294967295");
  }

  /** XEP-0198 sections 3 and 6. */
  private void unexpected() {
    transport.send(Nonza.failed(StanzaError.Condition.UNEXPECTED_REQUEST, Optional.empty()));
  }

  private void onClientState(Element state) {
    switch (state.name()) {
      case "active" -> link.becomeActive();
      case "inactive" -> link.becomeInactive();
      default ->
          fail(StreamError.Condition.UNSUPPORTED_STANZA_TYPE, "active or inactive was expected");
    }
  }

  /** How many stanzas of the client's were handled, if they are counted. */
  Optional<Element> answer() {
    return link.answer();
  }

  /** The session ends, and the device with it; idempotent. */
  void end() {
    keepAlive.stop();
    link.close();
  }

  /** The connection is gone; the session may wait for another one. */
  void disconnected() {
    keepAlive.stop();
    link.disconnected();
  }

  /** The session is another connection's now. */
  void leave() {
    keepAlive.stop();
  }

  /** Whether it is of the three kinds that are routed. */
  static boolean isStanza(Element element) {
    return switch (element.name()) {
      case "message", "presence", "iq" -> true;
      default -> false;
    };
  }

  private boolean isOwn(String from) {
    return Jid.parse(from)
        .filter(sender -> sender.equals(link.jid()) || sender.equals(link.jid().bare()))
        .isPresent();
  }

  private void throttle() {
    long waitNanos = rate.acquire(context.nanoClock().getAsLong());
    if (waitNanos > 0) {
      transport.pauseReading();
      transport.schedule(transport::resumeReading, waitNanos);
    }
  }

  private void fail(StreamError.Condition condition, String text) {
    failed.accept(new StreamError(condition, text));
  }
}
