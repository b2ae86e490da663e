/**
 * Where stanzas go (RFC 6120 section 10, RFC 6121 section 8): between the devices of this domain's
 * users, with presence, carbons and what is kept for people who are away. The router's tables are
 * concurrent maps of immutable values; a session itself belongs to its connection's loop.
 */
package dev.sotto.signalling.routing;
