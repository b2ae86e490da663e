package dev.sotto.turn.netty;

/** Something written to that is to be flushed at the end of its event loop's round. */
interface Flushable {
  void flush();
}
