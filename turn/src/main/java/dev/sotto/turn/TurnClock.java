package dev.sotto.turn;

/** The two clocks that the server reads: passed in, so that tests turn them by hand. */
public interface TurnClock {
  /** Time for lifetimes, in nanoseconds since an arbitrary start; never goes back. */
  long monotonicNanos();

  /** Wall-clock time for credentials and nonces, in seconds since 1970. */
  long epochSeconds();

  static TurnClock system() {
    return new TurnClock() {
      @Override
      public long monotonicNanos() {
        return System.nanoTime();
      }

      @Override
      public long epochSeconds() {
        return System.currentTimeMillis() / 1000;
      }
    };
  }
}
