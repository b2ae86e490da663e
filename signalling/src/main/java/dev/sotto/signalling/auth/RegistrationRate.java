package dev.sotto.signalling.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many accounts an address may make in an hour. Remembers so many addresses and forgets the one
 * that was quiet for longest. Thread-safe; time is passed in, in monotonic nanoseconds.
 */
public final class RegistrationRate {

  private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();
  private static final int MAX_ADDRESSES = 10_000;

  private final int perHour;
  private final Map<String, Deque<Long>> recent = new LinkedHashMap<>(16, 0.75f, true);

  /** Allows {@code perHour} to each address; a network of IPv6 (64 bits) counts as one. */
  public RegistrationRate(int perHour) {
    this.perHour = perHour;
  }

  /** Counts one more; false, and not counted, if the address has had its share. */
  public synchronized boolean allows(InetAddress address, long nowNanos) {
    Deque<Long> times = recent.computeIfAbsent(holder(address), key -> new ArrayDeque<>(2));
    while (!times.isEmpty() && nowNanos - times.peek() >= HOUR_NANOS) {
      times.remove();
    }
    if (recent.size() > MAX_ADDRESSES) {
      recent.remove(recent.keySet().iterator().next());
    }
    if (times.size() >= perHour) {
      return false;
    }
    times.add(nowNanos);
    return true;
  }

  private static String holder(InetAddress address) {
    byte[] bytes = address.getAddress();
    int significant = address instanceof Inet6Address ? 8 : bytes.length;
    return HexFormat.of().formatHex(Arrays.copyOf(bytes, significant));
  }
}
