package dev.sotto.signalling.transport;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many connections of an address have not authenticated yet, so that one host cannot take all
 * descriptors. An address costs memory only while it has such a connection. Thread-safe.
 */
public final class UnauthenticatedConnections {

  private final ConcurrentMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();
  private final int perAddress;

  /** Allows {@code perAddress} at a time. */
  public UnauthenticatedConnections(int perAddress) {
    this.perAddress = perAddress;
  }

  /** Counts one more; false, and not counted, if the address has as many as it may. */
  boolean enter(InetAddress address) {
    boolean[] entered = {false};
    counts.compute(
        address,
        (key, count) -> {
          int now = count == null ? 0 : count;
          entered[0] = now < perAddress;
          return entered[0] ? Integer.valueOf(now + 1) : count;
        });
    return entered[0];
  }

  void leave(InetAddress address) {
    counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }

  /** All that have not authenticated, for metrics and tests. */
  public int total() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
