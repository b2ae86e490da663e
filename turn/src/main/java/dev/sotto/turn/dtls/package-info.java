/**
 * DTLS towards clients (RFC 7350) with Bouncy Castle: cookies before any state, handshakes beside
 * the event loops, records on them.
 */
package dev.sotto.turn.dtls;
