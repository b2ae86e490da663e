package dev.sotto.signalling.stream;

import dev.sotto.signalling.stream.management.Nonza;
import dev.sotto.signalling.stream.management.UnacknowledgedStanzas;
import java.time.Duration;
import java.util.Optional;

/** Stream management of one session, once enabled (XEP-0198); on the loop that owns the session. */
final class Acknowledgements {

  /** How a session can be resumed: the client's identifier for it, and for how long. */
  record Resumption(String id, Duration max) {}

  private final UnacknowledgedStanzas sent = new UnacknowledgedStanzas(0);
  private final Optional<Resumption> resumption;
  private AcknowledgementRequests requests;
  private int handled;

  Acknowledgements(Optional<Resumption> resumption, Carrier carrier, Runnable ask) {
    this.resumption = resumption;
    this.requests = new AcknowledgementRequests(carrier.loop(), ask);
  }

  /** The session is on another connection, where nothing was asked yet. */
  void moved(Carrier carrier, Runnable ask) {
    requests = new AcknowledgementRequests(carrier.loop(), ask);
  }

  /** The client has handled all up to {@code h}; the error if that cannot be. */
  Optional<StreamError> acknowledge(int h) {
    return sent.acknowledge(h)
        ? Optional.empty()
        : Optional.of(Nonza.handledCountTooHigh(h, sent.written()));
  }

  UnacknowledgedStanzas sent() {
    return sent;
  }

  Optional<Resumption> resumption() {
    return resumption;
  }

  AcknowledgementRequests requests() {
    return requests;
  }

  /** One more stanza of the client's was handled; the count wraps around at 2^32. */
  void handledOne() {
    handled++;
  }

  /** Stanzas of the client's that were handled. */
  int handled() {
    return handled;
  }
}
