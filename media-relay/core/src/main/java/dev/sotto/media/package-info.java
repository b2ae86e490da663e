/**
 * The pure media stack: state machines that take bytes and a clock and hand out bytes. No sockets,
 * no threads, no clocks of their own, no Netty.
 */
package dev.sotto.media;
