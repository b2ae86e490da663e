package dev.sotto.turn;

/**
 * How much clients may move and how many peers they may turn to. Rates are of UDP payload, both
 * directions together, and allow a burst of one second's worth; 0 means no limit.
 *
 * @param bitsPerSecondPerAllocation default no limit
 * @param bitsPerSecondPerUser over all allocations of one user; default 2 Gbit/s, which no call
 *     comes near
 * @param bitsPerSecondInTotal default no limit, since only the operator knows the line
 * @param newPeersPerSecondPerUser addresses that a user may turn to and has not turned to lately,
 *     from any allocation; the burst is of two seconds' worth; default 500
 */
public record TrafficLimits(
    long bitsPerSecondPerAllocation,
    long bitsPerSecondPerUser,
    long bitsPerSecondInTotal,
    int newPeersPerSecondPerUser) {
  public static final TrafficLimits DEFAULT = new TrafficLimits(0, 2_000_000_000L, 0, 500);
  public static final TrafficLimits NONE = new TrafficLimits(0, 0, 0, 0);

  /** Below it not even a single full datagram would pass. */
  private static final long LEAST_BITS = 16_384;

  public TrafficLimits {
    checkBits("bitsPerSecondPerAllocation", bitsPerSecondPerAllocation);
    checkBits("bitsPerSecondPerUser", bitsPerSecondPerUser);
    checkBits("bitsPerSecondInTotal", bitsPerSecondInTotal);
    if (newPeersPerSecondPerUser < 0) {
      throw new IllegalArgumentException("newPeersPerSecondPerUser is not negative");
    }
  }

  private static void checkBits(String name, long bits) {
    if (bits != 0 && bits < LEAST_BITS) {
      throw new IllegalArgumentException(name + " is 0 or at least " + LEAST_BITS);
    }
  }
}
