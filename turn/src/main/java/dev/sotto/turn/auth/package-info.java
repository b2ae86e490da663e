/** Who may ask for allocations: users, time-limited credentials, nonces (RFC 8489 section 9.2). */
package dev.sotto.turn.auth;
