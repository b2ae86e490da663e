/**
 * The pure media stack: state machines that take bytes and a clock and hand out bytes. No sockets,
 * no threads, no clocks of their own, no Netty. Empty until the media relay is built.
 */
package dev.sotto.media;
