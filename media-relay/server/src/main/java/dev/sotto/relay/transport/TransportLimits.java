package dev.sotto.relay.transport;

/**
 * What one endpoint may send to the relay.
 *
 * @param packetsPerSecond RTP and RTCP together
 * @param bitsPerSecond the same, without IP and UDP headers
 */
public record TransportLimits(int packetsPerSecond, long bitsPerSecond) {
  /** Three layers of camera and screen at their best, twice over: nobody's call needs more. */
  public static final TransportLimits DEFAULT = new TransportLimits(5_000, 30_000_000);

  public TransportLimits {
    if (packetsPerSecond < 1 || bitsPerSecond < 1) {
      throw new IllegalArgumentException("limits are positive");
    }
  }
}
