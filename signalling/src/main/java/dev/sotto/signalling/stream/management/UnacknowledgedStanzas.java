package dev.sotto.signalling.stream.management;

import dev.sotto.signalling.stream.Delivery;
import dev.sotto.signalling.xml.Element;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Stanzas to a client that it has not acknowledged (XEP-0198 section 4), oldest first. Counts are
 * unsigned and wrap around at 2^32. Those that were never written, since no connection was there,
 * are at the end and cannot be acknowledged.
 */
public final class UnacknowledgedStanzas {

  /** One of them; {@code acceptedNanos} is when it came. */
  public record Entry(Element stanza, Delivery delivery, long acceptedNanos, int bytes) {}

  private final Deque<Entry> entries = new ArrayDeque<>();
  private int acknowledged;
  private int unwritten;
  private int bytes;

  /** Begins at a count, which is zero for every session but in tests of the wrap. */
  public UnacknowledgedStanzas(int acknowledged) {
    this.acknowledged = acknowledged;
  }

  /** Adds a stanza that is being {@code written}, or waits for the next connection. */
  public void add(Element stanza, Delivery delivery, long nowNanos, boolean written) {
    if (written && unwritten > 0) {
      throw new IllegalStateException("others must be written first");
    }
    Entry entry = new Entry(stanza, delivery, nowNanos, StanzaWeight.bytes(stanza));
    entries.add(entry);
    bytes += entry.bytes();
    unwritten += written ? 0 : 1;
  }

  /**
   * The client has handled all up to {@code h}. False, and nothing changes, if that counts stanzas
   * that it was never sent or takes back what it said before.
   */
  public boolean acknowledge(int h) {
    int count = h - acknowledged;
    if (Integer.compareUnsigned(count, entries.size() - unwritten) > 0) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      Entry entry = entries.remove();
      bytes -= entry.bytes();
      entry.delivery().acknowledged();
    }
    acknowledged = h;
    return true;
  }

  /** All of them, which from now on count as written. */
  public List<Entry> writeAll() {
    unwritten = 0;
    return List.copyOf(entries);
  }

  /** Takes all out. */
  public List<Entry> takeAll() {
    List<Entry> all = List.copyOf(entries);
    acknowledged += all.size() - unwritten;
    entries.clear();
    unwritten = 0;
    bytes = 0;
    return all;
  }

  /** How many were written since the session began, as the client counts them. */
  public int written() {
    return acknowledged + entries.size() - unwritten;
  }

  /** How many wait. */
  public int size() {
    return entries.size();
  }

  /** An upper bound of their size on the wire. */
  public int bytes() {
    return bytes;
  }
}
