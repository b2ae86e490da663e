/**
 * RTP packets (RFC 3550 section 5) and their header extensions (RFC 8285): read where they stand,
 * and written again for a receiver with other numbers and another set of extensions. Sequence
 * number, timestamp and NTP arithmetic. What a payload or a Dependency Descriptor means is not
 * known here; neither is any state of a stream but the unwrapping of its numbers.
 */
package dev.sotto.media.rtp;
