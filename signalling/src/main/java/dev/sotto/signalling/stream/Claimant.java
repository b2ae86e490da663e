package dev.sotto.signalling.stream;

import java.util.Optional;

/**
 * A connection that wants to resume a session; its methods are called on its own loop, one once.
 */
interface Claimant {

  /** The loop that owns the connection. */
  Loop loop();

  /** The session is on this loop from now on: it must be connected, or be told that none is. */
  void granted();

  /** The session ended first, having handled so many stanzas. */
  void refused(Optional<Integer> handled);

  /** What the client says cannot be; the session has ended. */
  void fail(StreamError error);
}
