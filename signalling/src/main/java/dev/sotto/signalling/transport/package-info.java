/**
 * Netty shells around {@link dev.sotto.signalling.stream.XmppStream}: TCP with STARTTLS and direct
 * TLS, and WebSocket. Framing, flow control and nothing of what stanzas mean.
 */
package dev.sotto.signalling.transport;
