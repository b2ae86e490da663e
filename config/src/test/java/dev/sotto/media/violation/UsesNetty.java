package dev.sotto.media.violation;

/** Breaks: the media core has no Netty. */
record UsesNetty(io.netty.buffer.ByteBuf buffer) {}
