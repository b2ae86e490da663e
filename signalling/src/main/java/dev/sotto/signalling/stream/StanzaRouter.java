package dev.sotto.signalling.stream;

import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.xml.Element;
import java.util.Optional;

/**
 * Takes stanzas from streams to where they belong. One node keeps its devices in memory; an adapter
 * to a message bus can stand behind the same calls.
 */
public interface StanzaRouter {

  /**
   * Makes a device reachable. One of the same full JID ends with {@code conflict} (RFC 6120 section
   * 7.7.2.2). Empty if the user has as many devices as allowed.
   */
  Optional<Attachment> attach(Jid device, Link link);

  /** The way to a device, for the router; from any thread. */
  interface Link {

    /** Sends a stanza to the device and reports what becomes of it. */
    void send(Element stanza, Delivery delivery);

    /** Ends the stream with an error, then runs {@code told}. */
    void terminate(StreamError error, Runnable told);
  }

  /** A reachable device, for its stream; on the loop that owns the connection. */
  interface Attachment {

    /** Handles a stanza whose {@code from} is already the device's full JID. */
    void route(Element stanza);

    /** The device has no connection, and may come back (XEP-0198 section 5), or has come back. */
    void waits(boolean waits);

    /** Takes the device out and tells those who saw it; idempotent. */
    void detach();
  }
}
