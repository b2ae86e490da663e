package dev.sotto.relay.conference;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * From an SSRC to what it stands for at one endpoint: a few dozen entries, looked up for each
 * packet without allocation. Bounded by what signalling may announce.
 *
 * @param <T> a stream or slot
 */
final class SsrcMap<T> {
  private static final int FIRST_CAPACITY = 16;

  /** SSRCs are random, or consecutive: both are spread (Fibonacci hashing). */
  private static final int MULTIPLIER = 0x9E3779B9;

  private int[] keys = new int[FIRST_CAPACITY];
  private Object[] values = new Object[FIRST_CAPACITY];
  private int size;

  /** What an SSRC stands for, or {@code absent}. */
  @SuppressWarnings("unchecked")
  T find(int ssrc, T absent) {
    Object value = values[slot(ssrc)];
    return value == null ? absent : (T) value;
  }

  Optional<T> get(int ssrc) {
    return Optional.ofNullable(find(ssrc, null));
  }

  void put(int ssrc, T value) {
    if (2 * (size + 1) > keys.length) {
      grow();
    }
    int slot = slot(ssrc);
    if (values[slot] == null) {
      size++;
    }
    keys[slot] = ssrc;
    values[slot] = value;
  }

  void remove(int ssrc) {
    int mask = keys.length - 1;
    int hole = slot(ssrc);
    if (values[hole] == null) {
      return;
    }
    size--;
    int next = (hole + 1) & mask;
    while (values[next] != null) {
      int home = home(keys[next], mask);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        keys[hole] = keys[next];
        values[hole] = values[next];
        hole = next;
      }
      next = (next + 1) & mask;
    }
    values[hole] = null;
  }

  int size() {
    return size;
  }

  @SuppressWarnings("unchecked")
  void forEach(Consumer<T> consumer) {
    for (Object value : values.clone()) {
      if (value != null) {
        consumer.accept((T) value);
      }
    }
  }

  private int slot(int ssrc) {
    int mask = keys.length - 1;
    int slot = home(ssrc, mask);
    while (values[slot] != null && keys[slot] != ssrc) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static int home(int ssrc, int mask) {
    return ((ssrc * MULTIPLIER) >>> 16) & mask;
  }

  private void grow() {
    int[] oldKeys = keys;
    Object[] oldValues = values;
    keys = new int[2 * oldKeys.length];
    values = new Object[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != null) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
