package dev.sotto.turn.violation;

/** Breaks by its name: frame keys live in clients. */
final class SFrameKeys {
  private SFrameKeys() {}
}
