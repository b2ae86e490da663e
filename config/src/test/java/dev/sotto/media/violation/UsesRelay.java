package dev.sotto.media.violation;

/** Breaks: the media core imports no other module. */
record UsesRelay(dev.sotto.relay.violation.Target target) {}
