package dev.sotto.signalling.stream;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.stream.StanzaRouter.Attachment;
import dev.sotto.signalling.xml.Element;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A stream that has its resource (RFC 6120 section 8): takes stanzas to the router, with the sender
 * checked and stamped, and no faster than is allowed.
 */
final class BoundStream {

  private final StreamTransport transport;
  private final StreamContext context;
  private final Jid jid;
  private final Attachment attachment;
  private final Consumer<StreamError> failed;
  private final RateLimiter rate;
  private final KeepAlive keepAlive;

  BoundStream(
      StreamTransport transport,
      StreamContext context,
      Jid jid,
      Attachment attachment,
      Consumer<StreamError> failed) {
    this.transport = transport;
    this.context = context;
    this.jid = jid;
    this.attachment = attachment;
    this.failed = failed;
    this.rate =
        new RateLimiter(context.limits().stanzasPerSecond(), context.nanoClock().getAsLong());
    this.keepAlive = new KeepAlive(transport, context, jid, failed);
  }

  /** The client sent something. */
  void heard() {
    keepAlive.heard();
  }

  /** One first-level element. */
  void onStanza(Element stanza) {
    if (!stanza.namespace().equals(Namespaces.CLIENT)) {
      fail(StreamError.Condition.INVALID_NAMESPACE, "stanzas are of jabber:client");
      return;
    }
    if (!isStanza(stanza)) {
      fail(StreamError.Condition.UNSUPPORTED_STANZA_TYPE, "message, presence or iq was expected");
      return;
    }
    Optional<String> from = stanza.attribute("from");
    if (from.isPresent() && !isOwn(from.get())) {
      // RFC 6120 section 8.1.2.1.
      fail(StreamError.Condition.INVALID_FROM, "from is " + jid);
      return;
    }
    throttle();
    attachment.route(stanza.with("from", jid.toString()));
  }

  /** Takes the device out of the router; idempotent. */
  void end() {
    keepAlive.stop();
    attachment.detach();
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
        .filter(sender -> sender.equals(jid) || sender.equals(jid.bare()))
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
