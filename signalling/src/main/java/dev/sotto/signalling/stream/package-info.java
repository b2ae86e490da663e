/**
 * XMPP streams (RFC 6120 sections 4 to 7, RFC 7395): one state machine after framing, the same for
 * TCP and WebSocket, without sockets, threads or clocks of its own.
 */
package dev.sotto.signalling.stream;
