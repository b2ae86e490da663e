package dev.sotto.signalling.stream;

import dev.sotto.signalling.stream.StreamTransport.Cancellable;

/**
 * The event loop that owns something: one thread, one thing after the other. It lives longer than
 * the connections on it. All calls may come from any thread.
 */
public interface Loop {

  /** Runs on the loop, at once if that is where the caller is. */
  void execute(Runnable task);

  /** Runs on the loop once what runs there now has returned. */
  void later(Runnable task);

  /** Runs later on the loop; {@link Cancellable#cancel} is idempotent. */
  Cancellable schedule(Runnable task, long delayNanos);
}
