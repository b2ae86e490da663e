package dev.sotto.turn.protocol;

import dev.sotto.turn.DropReason;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one event loop has counted of the clients of one transport. Only that loop writes, so an
 * increment is a plain read and an ordered write; any thread may read.
 */
public final class TransportCounters {

  /** What is counted, apart from drops. */
  public enum Counter {
    ALLOCATIONS_STARTED,
    ALLOCATIONS_ENDED,
    PACKETS_TO_PEERS,
    BYTES_TO_PEERS,
    PACKETS_TO_CLIENTS,
    BYTES_TO_CLIENTS,
    BINDING_RESPONSES,
    CHALLENGES,
    ERROR_RESPONSES
  }

  private final Map<Counter, AtomicLong> values = zeros(Counter.class);
  private final Map<DropReason, AtomicLong> drops = zeros(DropReason.class);
  private final AtomicLong packetsToPeers = values.get(Counter.PACKETS_TO_PEERS);
  private final AtomicLong bytesToPeers = values.get(Counter.BYTES_TO_PEERS);
  private final AtomicLong packetsToClients = values.get(Counter.PACKETS_TO_CLIENTS);
  private final AtomicLong bytesToClients = values.get(Counter.BYTES_TO_CLIENTS);

  TransportCounters() {}

  public void increment(Counter counter) {
    add(values.get(counter), 1);
  }

  public void toPeer(int bytes) {
    add(packetsToPeers, 1);
    add(bytesToPeers, bytes);
  }

  public void toClient(int bytes) {
    add(packetsToClients, 1);
    add(bytesToClients, bytes);
  }

  public void drop(DropReason reason) {
    add(drops.get(reason), 1);
  }

  public long value(Counter counter) {
    return values.get(counter).get();
  }

  public long dropped(DropReason reason) {
    return drops.get(reason).get();
  }

  private static void add(AtomicLong counter, long amount) {
    counter.lazySet(counter.getPlain() + amount);
  }

  private static <E extends Enum<E>> Map<E, AtomicLong> zeros(Class<E> names) {
    Map<E, AtomicLong> zeros = new EnumMap<>(names);
    EnumSet.allOf(names).forEach(name -> zeros.put(name, new AtomicLong()));
    return zeros;
  }
}
