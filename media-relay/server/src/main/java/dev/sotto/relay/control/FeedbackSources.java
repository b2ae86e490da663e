package dev.sotto.relay.control;

/** The SSRCs under which the relay itself sends RTCP to the endpoints of one conference. */
public record FeedbackSources(long audioSsrc, long videoSsrc) {}
