/**
 * The relay's contact with the world: one event loop and one UDP port a worker, its sockets, its
 * timer, and the conferences that live on it. Everything that knows Netty is here.
 */
package dev.sotto.relay.worker;
