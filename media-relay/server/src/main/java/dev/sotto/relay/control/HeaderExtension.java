package dev.sotto.relay.control;

/**
 * An RTP header extension (RFC 8285).
 *
 * @param number 1 to 255
 */
public record HeaderExtension(int number, String uri) {}
