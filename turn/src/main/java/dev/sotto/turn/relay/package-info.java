/**
 * Allocations and what they own: relayed transport addresses, permissions, channels (RFC 8656
 * sections 3 and 6).
 */
package dev.sotto.turn.relay;
