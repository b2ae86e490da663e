package dev.sotto.client.violation;

/** Breaks: the client imports the media core only. */
record UsesSignalling(dev.sotto.signalling.violation.Target target) {}
