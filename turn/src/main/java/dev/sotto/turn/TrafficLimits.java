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
 * @param newPeersPerSecondInTotal addresses that are new to the user who turns to them, over all
 *     users, with the same burst; default 10,000: 20 users at their full rate, and after a restart
 *     the clients of 16,384 allocations come back, with ten peers each, within 15 seconds
 */
public record TrafficLimits(
    long bitsPerSecondPerAllocation,
    long bitsPerSecondPerUser,
    long bitsPerSecondInTotal,
    int newPeersPerSecondPerUser,
    int newPeersPerSecondInTotal) {
  public static final TrafficLimits DEFAULT = new TrafficLimits(0, 2_000_000_000L, 0, 500, 10_000);
  public static final TrafficLimits NONE = new TrafficLimits(0, 0, 0, 0, 0);

  /** Below it not even a single full datagram would pass. */
  private static final long LEAST_BITS = 16_384;

  public TrafficLimits {
    checkBits("bitsPerSecondPerAllocation", bitsPerSecondPerAllocation);
    checkBits("bitsPerSecondPerUser", bitsPerSecondPerUser);
    checkBits("bitsPerSecondInTotal", bitsPerSecondInTotal);
    checkPeers("newPeersPerSecondPerUser", newPeersPerSecondPerUser);
    checkPeers("newPeersPerSecondInTotal", newPeersPerSecondInTotal);
  }

  private static void checkPeers(String name, int peers) {
    if (peers < 0) {
      throw new IllegalArgumentException(name + " is not negative");
    }
  }

  private static void checkBits(String name, long bits) {
    if (bits != 0 && bits < LEAST_BITS) {
      throw new IllegalArgumentException(name + " is 0 or at least " + LEAST_BITS);
    }
  }
}
