/**
 * Which peers a client may reach through this server: address classes, lists, and this host's own
 * open ports.
 */
package dev.sotto.turn.peer;
