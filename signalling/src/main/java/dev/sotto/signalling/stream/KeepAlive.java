package dev.sotto.signalling.stream;

import dev.sotto.signalling.stream.StreamTransport.Cancellable;
import dev.sotto.signalling.xml.Element;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * Watches a bound stream for silence (RFC 6120 section 4.6), once an idle period: the first silent
 * one is answered by a ping (XEP-0199) or, of a client that counts stanzas, by the question how
 * many it has (XEP-0198), a second one by the end of the stream. Whatever the client sends, if only
 * white space, is heard.
 */
final class KeepAlive {

  private final Loop loop;
  private final StreamContext context;
  private final DeviceLink link;
  private final Consumer<StreamError> failed;
  private Cancellable timer;
  private boolean heard;
  private boolean pinged;

  /** Begins to watch. */
  KeepAlive(Loop loop, StreamContext context, DeviceLink link, Consumer<StreamError> failed) {
    this.loop = loop;
    this.context = context;
    this.link = link;
    this.failed = failed;
    this.timer = schedule();
  }

  void heard() {
    heard = true;
    pinged = false;
  }

  void stop() {
    timer.cancel();
  }

  private Cancellable schedule() {
    return loop.schedule(this::check, context.limits().idleTimeout().toNanos());
  }

  private void check() {
    if (pinged) {
      failed.accept(
          new StreamError(StreamError.Condition.CONNECTION_TIMEOUT, "no answer to a ping"));
      return;
    }
    timer = schedule();
    if (!heard) {
      pinged = true;
      link.probe(ping());
    }
    heard = false;
  }

  private Element ping() {
    return Element.of(
            Namespaces.CLIENT,
            "iq",
            "type",
            "get",
            "id",
            HexFormat.of().toHexDigits(context.random().nextLong()),
            "from",
            context.domain(),
            "to",
            link.jid().toString())
        .plus(Element.of(Namespaces.PING, "ping"));
  }
}
