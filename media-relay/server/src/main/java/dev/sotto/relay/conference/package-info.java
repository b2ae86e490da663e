/**
 * Conferences as the relay holds them: what endpoints send (sources, streams), what they receive
 * (slots), and what goes from the one to the other. Everything of a conference is touched on one
 * event loop only. No socket, thread or clock of its own: packets come in as memory and leave by
 * {@link dev.sotto.relay.transport.PacketSink}, times are arguments, so a test drives minutes of a
 * conference in milliseconds.
 */
package dev.sotto.relay.conference;
