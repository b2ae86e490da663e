package dev.sotto.signalling.routing;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.stream.StreamTransport;
import dev.sotto.signalling.xml.Element;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One connected device: a full JID and the way to it. Written by the loop that owns its connection,
 * read by any; hence the volatile fields.
 */
public final class Session {

  private final Jid jid;
  private final StreamTransport transport;
  private final Consumer<StreamError> failure;

  /** Whom this device told of its presence by name; only its own loop touches it. */
  private final Set<Jid> directedPresence = new HashSet<>();

  private volatile Optional<AvailablePresence> presence = Optional.empty();
  private volatile boolean carbonsEnabled;
  private volatile boolean rosterRequested;

  /** A session over {@code transport}; {@code failure} ends its stream, on its loop. */
  public Session(Jid jid, StreamTransport transport, Consumer<StreamError> failure) {
    this.jid = jid;
    this.transport = transport;
    this.failure = failure;
  }

  /** What a device last broadcast; {@code priority} is -128 to 127 (RFC 6121 section 4.7.2.3). */
  public record AvailablePresence(Element stanza, int priority) {}

  /** The full JID. */
  public Jid jid() {
    return jid;
  }

  /** Writes a stanza to the device; from any thread. */
  public void send(Element stanza) {
    transport.send(stanza);
  }

  /** Ends the stream with an error; from any thread. */
  public void terminate(StreamError error) {
    transport.execute(() -> failure.accept(error));
  }

  /** The same, and runs {@code told} once the client has been told or is gone; from any thread. */
  public void terminate(StreamError error, Runnable told) {
    transport.execute(() -> {
      failure.accept(error);
      told.run();
    });
  }

  /** The last broadcast presence, empty while the device is not available. */
  public Optional<AvailablePresence> presence() {
    return presence;
  }

  void presence(Optional<AvailablePresence> presence) {
    this.presence = presence;
  }

  /** Whether messages to the bare JID go here (RFC 6121 section 8.5.2.1.1). */
  boolean takesBareMessages() {
    return presence.isPresent() && presence.get().priority() >= 0;
  }

  /** Whether the device asked for copies (XEP-0280). */
  public boolean carbonsEnabled() {
    return carbonsEnabled;
  }

  /** Turns copies on or off. */
  public void carbonsEnabled(boolean enabled) {
    this.carbonsEnabled = enabled;
  }

  /** Whether the device wants roster pushes (RFC 6121 section 2.1.6). */
  public boolean rosterRequested() {
    return rosterRequested;
  }

  /** Remembers that the device asked for the roster. */
  public void requestRoster() {
    this.rosterRequested = true;
  }

  Set<Jid> directedPresence() {
    return directedPresence;
  }
}
