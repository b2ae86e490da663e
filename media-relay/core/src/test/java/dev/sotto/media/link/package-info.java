/**
 * A path in virtual time for tests: links with capacities that change, queues, delay, jitter and
 * loss, and senders of video-like media that are paced and congestion controlled by the real parts.
 * Everything follows from its seed.
 */
package dev.sotto.media.link;
