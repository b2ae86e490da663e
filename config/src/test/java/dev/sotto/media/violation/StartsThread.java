package dev.sotto.media.violation;

/** Breaks: the media core has no threads. */
record StartsThread(Thread thread) {}
