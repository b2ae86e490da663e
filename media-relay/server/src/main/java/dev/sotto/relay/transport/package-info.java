/**
 * One endpoint's transport: ICE, DTLS and SRTP put together, and the table that finds it by a
 * remote address. Owned by one event loop; handshakes alone run elsewhere and post back. Knows
 * neither Netty nor what media is for.
 */
package dev.sotto.relay.transport;
