package dev.sotto.config.violation;

/** Breaks: the composition root imports no client. */
record UsesClient(dev.sotto.client.violation.Target target) {}
