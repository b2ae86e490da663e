package dev.sotto.relay.control;

import java.util.Optional;

/** A kind of RTCP feedback (RFC 4585 section 4.2), such as {@code nack} with {@code pli}. */
public record RtcpFeedback(String type, Optional<String> subtype) {}
