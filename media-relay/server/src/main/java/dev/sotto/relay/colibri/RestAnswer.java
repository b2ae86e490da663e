package dev.sotto.relay.colibri;

/**
 * An answer over HTTP.
 *
 * @param status such as 200
 * @param body JSON
 * @param allow the methods of a path, for the header {@code Allow} of a 405; else empty
 */
public record RestAnswer(int status, String body, String allow) {
  RestAnswer(int status, String body) {
    this(status, body, "");
  }
}
