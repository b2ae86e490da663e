package dev.sotto.signalling.stream;

import dev.sotto.signalling.stream.StreamTransport.Cancellable;
import java.time.Duration;
import java.util.Optional;

/**
 * When the server asks a client what it has handled (XEP-0198 section 4): after a few stanzas, or a
 * moment after the last one, while a phone's radio is still up (section 8.2). One question at a
 * time.
 */
final class AcknowledgementRequests {

  static final int STANZAS = 5;
  static final Duration DELAY = Duration.ofSeconds(1);

  private final Loop loop;
  private final Runnable ask;
  private Optional<Cancellable> timer = Optional.empty();
  private boolean asked;
  private int sinceAsked;

  /** For one connection; {@code ask} sends {@code <r/>}. */
  AcknowledgementRequests(Loop loop, Runnable ask) {
    this.loop = loop;
    this.ask = ask;
  }

  /** A stanza was written. */
  void wrote() {
    sinceAsked++;
    consider();
  }

  /** The client has said what it has handled. */
  void answered() {
    asked = false;
    consider();
  }

  /** Asks now. */
  void ask() {
    stop();
    asked = true;
    sinceAsked = 0;
    ask.run();
  }

  /** The connection ends. */
  void stop() {
    timer.ifPresent(Cancellable::cancel);
    timer = Optional.empty();
  }

  private void consider() {
    if (asked || sinceAsked == 0) {
      return;
    }
    if (sinceAsked >= STANZAS) {
      ask();
    } else if (timer.isEmpty()) {
      timer = Optional.of(loop.schedule(this::ask, DELAY.toNanos()));
    }
  }
}
