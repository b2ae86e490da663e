package dev.sotto.turn.protocol;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Limits how many answers a source address gets before it has authenticated, so that a forged
 * source cannot turn the server into an amplifier. One table of fixed size, a virtual-scheduling
 * rate limiter a slot; sources that share a slot share its budget. IPv6 sources are told apart by
 * their /64. Loopback cannot be forged from outside and is not limited. All event loops share it,
 * since a source's packets reach all of them, from port to port.
 */
public final class ResponseBudget {
  static final int SLOTS = 1 << 14;

  private final AtomicLongArray theoreticalArrivalNanos = new AtomicLongArray(SLOTS);
  private final long intervalNanos;
  private final long burstNanos;
  private final long seed;

  /**
   * @param perSecond sustained answers a second to one source; 0 for no limit
   * @param burst answers that may be given at once
   * @param seed random, so that nobody can aim at another source's slot
   */
  public ResponseBudget(int perSecond, int burst, long seed, long nowNanos) {
    this.intervalNanos = perSecond == 0 ? 0 : 1_000_000_000L / perSecond;
    this.burstNanos = intervalNanos * burst;
    this.seed = seed;
    for (int slot = 0; slot < SLOTS; slot++) {
      theoreticalArrivalNanos.setPlain(slot, nowNanos);
    }
  }

  /** Whether one more answer may go to this source; takes it from the budget if so. */
  public boolean tryTake(InetAddress source, long nowNanos) {
    if (source.isLoopbackAddress()) {
      return true;
    }
    int slot = (int) (mix(prefix(source) ^ seed) >>> 50);
    while (true) {
      long arrival = theoreticalArrivalNanos.get(slot);
      long base = arrival - nowNanos > 0 ? arrival : nowNanos;
      if (base + intervalNanos - nowNanos > burstNanos) {
        return false;
      }
      if (theoreticalArrivalNanos.compareAndSet(slot, arrival, base + intervalNanos)) {
        return true;
      }
    }
  }

  private static long prefix(InetAddress source) {
    ByteBuffer bytes = ByteBuffer.wrap(source.getAddress());
    return source instanceof Inet4Address ? bytes.getInt() : bytes.getLong();
  }

  /** Finaliser of MurmurHash3: spreads every input bit over the output. */
  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
