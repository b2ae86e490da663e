package dev.sotto.signalling.violation;

/** Breaks: nothing imports the composition root. */
record UsesConfig(dev.sotto.config.violation.Target target) {}
