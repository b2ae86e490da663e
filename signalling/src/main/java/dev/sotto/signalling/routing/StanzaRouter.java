package dev.sotto.signalling.routing;

import dev.sotto.signalling.xml.Element;

/**
 * Takes stanzas from bound sessions to where they belong. One node keeps its sessions in memory; an
 * adapter to a message bus can stand behind the same three calls.
 */
public interface StanzaRouter {

  /**
   * Makes a session reachable. A session of the same full JID ends with {@code conflict} (RFC 6120
   * section 7.7.2.2). False if the user has as many devices as allowed.
   */
  boolean bind(Session session);

  /** Handles a stanza whose {@code from} is already the session's full JID. */
  void route(Session sender, Element stanza);

  /** Takes the session out and tells those who saw it; idempotent. */
  void unbind(Session session);
}
