package dev.sotto.signalling.auth;

import java.time.Instant;

/** A user whose token was good: the prepared local part of the JID, and when the token ends. */
public record AuthenticatedUser(String local, Instant tokenExpires) {}
