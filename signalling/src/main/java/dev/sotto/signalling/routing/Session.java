package dev.sotto.signalling.routing;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.stream.Delivery;
import dev.sotto.signalling.stream.StanzaRouter.Link;
import dev.sotto.signalling.stream.StreamError;
import dev.sotto.signalling.xml.Element;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One bound device: a full JID and the way to it, on which there may be no connection for a while
 * (XEP-0198). Read from any loop. Its presence, and whether it has ended, are changed under its
 * monitor by the loop that owns its connection and by the one that takes its name over.
 */
public final class Session {

  private final Jid jid;
  private final Link link;

  private final Set<Jid> directedPresence = new HashSet<>();

  private volatile Optional<AvailablePresence> presence = Optional.empty();
  private volatile boolean carbonsEnabled;
  private volatile boolean rosterRequested;
  private volatile boolean ended;
  private volatile OptionalLong loss = OptionalLong.empty();

  Session(Jid jid, Link link) {
    this.jid = jid;
    this.link = link;
  }

  /** What a device last broadcast; {@code priority} is -128 to 127 (RFC 6121 section 4.7.2.3). */
  public record AvailablePresence(Element stanza, int priority) {}

  /** The full JID. */
  public Jid jid() {
    return jid;
  }

  /** Sends a stanza to the device; from any thread. */
  public void send(Element stanza) {
    link.send(stanza, Delivery.UNTRACKED);
  }

  /** The same, and reports what becomes of it. */
  void send(Element stanza, Delivery delivery) {
    link.send(stanza, delivery);
  }

  /** Whether this is the way to the device. */
  boolean isReachedBy(Link way) {
    return link.equals(way);
  }

  /** The device lost its connection, this being the how manieth loss, or has it back. */
  void waits(OptionalLong loss) {
    this.loss = loss;
  }

  /** A number that grows from loss to loss; empty while the device is connected. */
  OptionalLong loss() {
    return loss;
  }

  /** Ends the stream with an error; from any thread. */
  public void terminate(StreamError error) {
    link.terminate(error, () -> {});
  }

  /** The same, and runs {@code told} once the client has been told or is gone; from any thread. */
  public void terminate(StreamError error, Runnable told) {
    link.terminate(error, told);
  }

  /** The last broadcast presence, empty while the device is not available. */
  public Optional<AvailablePresence> presence() {
    return presence;
  }

  /** Becomes available, changes, or becomes unavailable. */
  void presence(Optional<AvailablePresence> presence) {
    this.presence = presence;
  }

  /** The device is gone, or another connection has its name: it says nothing any more. */
  void end() {
    ended = true;
  }

  boolean hasEnded() {
    return ended;
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

  /** Whom this device told of its presence by name; only under its monitor. */
  Set<Jid> directedPresence() {
    return directedPresence;
  }
}
