package dev.sotto.relay.transport;

/**
 * Bounds what one endpoint may send: packets and bytes a second, each with a second's burst. What
 * is above is dropped before it costs a decryption.
 */
final class ArrivalLimit {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double packetsPerSecond;
  private final double bytesPerSecond;
  private double packets;
  private double bytes;
  private long refilledNanos;

  ArrivalLimit(int packetsPerSecond, long bitsPerSecond, long nowNanos) {
    this.packetsPerSecond = packetsPerSecond;
    this.bytesPerSecond = bitsPerSecond / 8.0;
    packets = packetsPerSecond;
    bytes = bytesPerSecond;
    refilledNanos = nowNanos;
  }

  /** Whether one more packet may come in now; it is counted if so. */
  boolean admits(int length, long nowNanos) {
    if (nowNanos - refilledNanos > 0) {
      double seconds = (nowNanos - refilledNanos) / NANOS_PER_SECOND;
      refilledNanos = nowNanos;
      packets = Math.min(packetsPerSecond, packets + seconds * packetsPerSecond);
      bytes = Math.min(bytesPerSecond, bytes + seconds * bytesPerSecond);
    }
    if (packets < 1 || bytes < length) {
      return false;
    }
    packets--;
    bytes -= length;
    return true;
  }
}
