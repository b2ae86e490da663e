package dev.sotto.signalling.stream;

import dev.sotto.signalling.sasl.ChannelBindingType;
import dev.sotto.signalling.xml.Element;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What carries a stream: TCP or WebSocket. All calls but {@link #send} come from the loop that owns
 * the connection; {@code send} may come from any thread and keeps the order of each thread's calls.
 */
public interface StreamTransport extends Loop {

  /**
   * Answers the client's stream header (RFC 6120 section 4.7, RFC 7395 section 3.4), with the
   * version that is spoken, if the client may be told one.
   */
  void openStream(String domain, String streamId, Optional<String> version);

  /** Writes one element. */
  void send(Element element);

  /** Expects a new stream header next, after STARTTLS or SASL. */
  void restart();

  /** Starts TLS once what was sent has left, and discards what the client sent before it. */
  void startTls();

  /** The client has proven who it is and bound a resource: allows stanzas of this size. */
  void trusted(int maxStanzaBytes);

  /** Ends the stream after what was sent has left, then the connection. */
  void close();

  /** Stops reading, so that what comes faster than allowed waits in the client's socket. */
  void pauseReading();

  /** Reads again. */
  void resumeReading();

  /** Whether TLS protects the connection. */
  boolean isEncrypted();

  /** What names this TLS connection, if there is one that has such data (RFC 5056). */
  Optional<byte[]> channelBinding(ChannelBindingType type);

  /** Whether TLS can be started in the stream. */
  boolean canStartTls();

  /** The client's address as the socket shows it. */
  InetAddress remoteAddress();

  /** The loop that owns the connection, for who stays when the connection is gone. */
  default Loop loop() {
    return this;
  }

  /** A timer that can be taken back. */
  @FunctionalInterface
  interface Cancellable {
    void cancel();
  }
}
