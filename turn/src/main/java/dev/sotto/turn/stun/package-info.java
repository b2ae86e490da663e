/**
 * The STUN message format of RFC 8489 and TURN's ChannelData framing: flyweights, no sockets, no
 * state.
 */
package dev.sotto.turn.stun;
