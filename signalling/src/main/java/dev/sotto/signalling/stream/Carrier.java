package dev.sotto.signalling.stream;

import dev.sotto.signalling.xml.Element;

/** A connection as its session sees it; on the loop that owns both. */
interface Carrier {

  /** The loop that owns the connection. */
  Loop loop();

  /** Writes one element. */
  void write(Element element);

  /** Ends the connection and the session with it. */
  void fail(StreamError error);

  /** Ends the connection alone: another one has the session (XEP-0198 section 5). */
  void superseded();
}
