/**
 * Shares a receiver's target rate out among the video sources that it is subscribed to: which layer
 * of each is forwarded. Knows sources by number and layers by their measured rate; runs a few times
 * a second, never per packet.
 */
package dev.sotto.media.allocation;
