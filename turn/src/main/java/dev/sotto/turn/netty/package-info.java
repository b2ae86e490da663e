/**
 * Sockets and event loops under the protocol: Netty with native epoll, NIO where that is missing.
 */
package dev.sotto.turn.netty;
