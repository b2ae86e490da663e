package dev.sotto.signalling.stream;

import dev.sotto.signalling.xml.Element;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What any thread has for one owner, in one order, without a lock. Whoever makes it non-empty calls
 * the owning loop to empty it, so that at most one loop is ever at it; only that one may hand it
 * over to another loop, and does so between two items.
 */
final class Inbox {

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  /** What can be in it. */
  sealed interface Item {}

  /** A stanza for the client. */
  record Stanza(Element element, Delivery delivery) implements Item {}

  /** Something else to be done in its turn. */
  private record Task(Runnable task) implements Item {}

  private final Queue<Item> items = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Consumer<Stanza> recipient;
  private volatile Loop owner;
  private Optional<Runnable> arrival = Optional.empty();

  /** Stanzas go to {@code recipient}, on the loop that owns the inbox by then. */
  Inbox(Loop owner, Consumer<Stanza> recipient) {
    this.owner = owner;
    this.recipient = recipient;
  }

  /** The loop that owns it now; means something on that loop only. */
  Loop owner() {
    return owner;
  }

  /**
   * Adds a stanza; on the owning loop it is dealt with at once. The caller may hold a lock, so
   * nothing but stanzas is dealt with under it.
   */
  void add(Element stanza, Delivery delivery) {
    items.add(new Stanza(stanza, delivery));
    if (waiting.getAndIncrement() == 0) {
      owner.execute(() -> empty(false));
    }
  }

  /** Adds a task. The caller holds no lock that the task could want. */
  void add(Runnable task) {
    items.add(new Task(task));
    if (waiting.getAndIncrement() == 0) {
      owner.execute(() -> empty(true));
    }
  }

  /**
   * From within a task: once it returns, nothing more is done here, and {@code to} goes on, first
   * of all with {@code arrival}.
   */
  void handOver(Loop to, Runnable arrival) {
    this.arrival = Optional.of(arrival);
    this.owner = to;
  }

  private void empty(boolean withTasks) {
    Loop here = owner;
    do {
      Item next = items.element();
      if (next instanceof Task && !withTasks) {
        here.later(() -> empty(true));
        return;
      }
      items.remove();
      run(() -> take(next));
      if (arrival.isPresent()) {
        // waiting still counts this item, so that nobody else can begin
        owner.execute(this::arrive);
        return;
      }
    } while (waiting.decrementAndGet() > 0);
  }

  private void arrive() {
    Loop here = owner;
    Runnable first = arrival.orElseThrow();
    arrival = Optional.empty();
    run(first);
    if (waiting.decrementAndGet() > 0) {
      here.execute(() -> empty(true));
    }
  }

  private void take(Item item) {
    switch (item) {
      case Stanza stanza -> recipient.accept(stanza);
      case Task(Runnable task) -> task.run();
    }
  }

  /** One that fails must not keep the others waiting for ever. */
  private static void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warn("a stanza or task of a session failed", e);
    }
  }
}
