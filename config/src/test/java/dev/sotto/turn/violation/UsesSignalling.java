package dev.sotto.turn.violation;

/** Breaks: servers never import each other. */
record UsesSignalling(dev.sotto.signalling.violation.Target target) {}
