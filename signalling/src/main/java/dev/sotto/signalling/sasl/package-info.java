/**
 * SASL (RFC 4422) for XMPP (RFC 6120 section 6): each mechanism is a chain of values that take what
 * the client says and give what to say next. No sockets, clocks, threads or XML here.
 */
package dev.sotto.signalling.sasl;
