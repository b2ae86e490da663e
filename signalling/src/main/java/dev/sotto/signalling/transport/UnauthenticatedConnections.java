package dev.sotto.signalling.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
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
  public boolean enter(InetAddress address) {
    boolean[] entered = {false};
    counts.compute(
        holder(address),
        (key, count) -> {
          int now = count == null ? 0 : count;
          entered[0] = now < perAddress;
          return entered[0] ? Integer.valueOf(now + 1) : count;
        });
    return entered[0];
  }

  /** Counts one less of those that have entered. */
  public void leave(InetAddress address) {
    counts.computeIfPresent(holder(address), (key, count) -> count == 1 ? null : count - 1);
  }

  /** A host has 2^64 IPv6 addresses to choose from: they count as one. */
  private static InetAddress holder(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    try {
      return InetAddress.getByAddress(Arrays.copyOf(Arrays.copyOf(address.getAddress(), 8), 16));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 16 bytes", e);
    }
  }

  /** All that have not authenticated, for metrics and tests. */
  public int total() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
