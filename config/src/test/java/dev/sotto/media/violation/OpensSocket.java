package dev.sotto.media.violation;

/** Breaks: the media core has no I/O. */
record OpensSocket(java.net.DatagramSocket socket) {}
