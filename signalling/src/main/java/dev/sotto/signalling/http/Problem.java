package dev.sotto.signalling.http;

import io.micronaut.serde.annotation.Serdeable;

/** A refusal as RFC 9457 writes it, without a {@code type}: the status says enough. */
@Serdeable
record Problem(String title, int status, String detail) {}
