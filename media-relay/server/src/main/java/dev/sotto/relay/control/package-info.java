/**
 * The one way to steer the relay: what may be asked of its conferences, what is answered, the rules
 * that every request keeps, and who is in which conference. XMPP and REST translate to it.
 *
 * <p>Values and bookkeeping only: no wire format, socket, thread or clock lives here. Times are
 * nanoseconds of a monotonic clock, passed in, and so is randomness.
 */
package dev.sotto.relay.control;
