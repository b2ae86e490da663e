package dev.sotto.relay.worker;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * How much of what this relay can do it does: the greater of the part of the CPU that the process
 * takes and the part of its packet rate. 1 is full; it may be above. Measured over the time since
 * the last question, smoothed over a few. Safe to ask from any thread.
 */
public final class Stress {
  /** Packets in and out a second for each worker, from which on latency suffers. */
  public static final int PACKETS_PER_WORKER = 100_000;

  private static final double NEWEST = 0.5;
  private static final double NANOS_PER_SECOND = 1e9;

  private final DoubleSupplier cpuLoad;
  private final LongSupplier packets;
  private final double packetsPerSecond;
  private long lastPackets;
  private long lastNanos;
  private double stress;

  /**
   * @param cpuLoad of this process, 0 to 1 of all processors; negative when it is not known
   * @param packets received and sent so far
   */
  public Stress(
      DoubleSupplier cpuLoad, LongSupplier packets, double packetsPerSecond, long nowNanos) {
    this.cpuLoad = cpuLoad;
    this.packets = packets;
    this.packetsPerSecond = packetsPerSecond;
    lastPackets = packets.getAsLong();
    lastNanos = nowNanos;
  }

  /** The stress now, 0 or more. */
  public synchronized double measure(long nowNanos) {
    double seconds = (nowNanos - lastNanos) / NANOS_PER_SECOND;
    if (seconds <= 0) {
      return stress;
    }
    long count = packets.getAsLong();
    double ofPackets = (count - lastPackets) / seconds / packetsPerSecond;
    double newest = Math.max(Math.max(0, cpuLoad.getAsDouble()), ofPackets);
    stress += NEWEST * (newest - stress);
    lastPackets = count;
    lastNanos = nowNanos;
    return stress;
  }
}
