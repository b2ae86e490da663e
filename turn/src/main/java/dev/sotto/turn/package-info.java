/**
 * The TURN server (RFC 8656 on the STUN of RFC 8489): what gets media through NATs that peers
 * cannot cross by themselves. Knows nothing of calls, users' devices or XMPP.
 */
package dev.sotto.turn;
