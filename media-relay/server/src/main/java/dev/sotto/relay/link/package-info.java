/**
 * The relay's connection to signalling: dials out as an XMPP client, announces what the relay has
 * and holds, hands the focus's requests to {@link dev.sotto.relay.colibri} and tells it who is
 * heard and seen. {@code COLIBRI.md} of this module shows every stanza.
 *
 * <p>The link owns no conference: what it loses is the way to talk about them. When to retry, ping
 * and announce is decided by classes without a clock; only {@link RelayLink} has a thread.
 */
package dev.sotto.relay.link;
