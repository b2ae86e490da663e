package dev.sotto.relay.transport;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds whose datagram it is by where it came from: an open hash table from {@link RemoteKeys} to
 * an owner. Looking up allocates nothing and touches one or two cache lines. Only addresses that an
 * authenticated check has validated are in it, so strangers cannot fill it.
 *
 * @param <T> the owner of an address
 */
public final class AddressTable<T> {
  private static final int FIRST_CAPACITY = 64;

  /** Spreads consecutive ports and addresses (Fibonacci hashing). */
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[FIRST_CAPACITY];
  private Entry<T>[] entries = newEntries(FIRST_CAPACITY);
  private int size;

  private record Entry<T>(InetSocketAddress address, T owner) {}

  /** The owner of an address, or {@code absent}. */
  public T find(long key, InetSocketAddress address, T absent) {
    int mask = keys.length - 1;
    for (int slot = slot(key, mask); entries[slot] != null; slot = (slot + 1) & mask) {
      if (keys[slot] == key && isSame(key, entries[slot], address)) {
        return entries[slot].owner;
      }
    }
    return absent;
  }

  /**
   * Gives an address to an owner.
   *
   * @return the owner before, who has it no more
   */
  public Optional<T> put(long key, InetSocketAddress address, T owner) {
    if (2 * (size + 1) > keys.length) {
      grow();
    }
    int slot = slotOf(key, address);
    Entry<T> before = entries[slot];
    keys[slot] = key;
    entries[slot] = new Entry<>(address, owner);
    if (before == null) {
      size++;
      return Optional.empty();
    }
    return Optional.of(before.owner);
  }

  /** Takes an address from its owner; of another owner it is left. */
  public void remove(long key, InetSocketAddress address, T owner) {
    int mask = keys.length - 1;
    int slot = slotOf(key, address);
    if (entries[slot] == null || !entries[slot].owner.equals(owner)) {
      return;
    }
    size--;
    // Moves up what a search would now no longer reach (Knuth, algorithm 6.4 R).
    int hole = slot;
    int next = (hole + 1) & mask;
    while (entries[next] != null) {
      int home = slot(keys[next], mask);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        keys[hole] = keys[next];
        entries[hole] = entries[next];
        hole = next;
      }
      next = (next + 1) & mask;
    }
    entries[hole] = null;
  }

  public int size() {
    return size;
  }

  private int slotOf(long key, InetSocketAddress address) {
    int mask = keys.length - 1;
    int slot = slot(key, mask);
    while (entries[slot] != null && !(keys[slot] == key && isSame(key, entries[slot], address))) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static boolean isSame(long key, Entry<?> entry, InetSocketAddress address) {
    return RemoteKeys.isExact(key) || entry.address.equals(address);
  }

  private static int slot(long key, int mask) {
    return (int) ((key * MULTIPLIER) >>> 32) & mask;
  }

  private void grow() {
    long[] oldKeys = keys;
    Entry<T>[] oldEntries = entries;
    keys = Arrays.copyOf(new long[0], 2 * oldKeys.length);
    entries = newEntries(keys.length);
    int mask = keys.length - 1;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldEntries[i] != null) {
        int slot = slot(oldKeys[i], mask);
        while (entries[slot] != null) {
          slot = (slot + 1) & mask;
        }
        keys[slot] = oldKeys[i];
        entries[slot] = oldEntries[i];
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> Entry<T>[] newEntries(int capacity) {
    return (Entry<T>[]) new Entry<?>[capacity];
  }
}
