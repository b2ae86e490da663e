/**
 * Integers in network byte order in off-heap memory: what every flyweight of this module stands on.
 * Nothing here knows a protocol.
 */
package dev.sotto.media.wire;
