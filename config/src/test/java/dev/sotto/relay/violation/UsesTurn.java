package dev.sotto.relay.violation;

/** Breaks: servers never import each other. */
record UsesTurn(dev.sotto.turn.violation.Target target) {}
