package dev.sotto.relay.violation;

/** Breaks by what it names: MLS lives in clients. */
record UsesBouncyCastleMls(org.bouncycastle.mls.Target target) {}
