package dev.sotto.media.violation;

/** Breaks: the media core is told the time. */
final class ReadsClock {
  private ReadsClock() {}

  static long now() {
    return System.nanoTime();
  }
}
