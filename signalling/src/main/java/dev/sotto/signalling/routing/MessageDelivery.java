package dev.sotto.signalling.routing;

import dev.sotto.signalling.stream.Delivery;
import dev.sotto.signalling.stream.StanzaRouter.Link;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A message on its way to one or more devices of a user. As long as one of them has it or may yet
 * have it, nothing is to be done; when the last one has failed, it is delivered as to a user who is
 * away. So it reaches the user once, and no device twice.
 */
final class MessageDelivery implements Delivery {

  /** What is done once no device has the message. */
  @FunctionalInterface
  interface Fallback {
    /** {@code waited} is how long ago the message was accepted, {@code tried} where it failed. */
    void deliver(Duration waited, Set<Link> tried);
  }

  private final Fallback fallback;

  /** Devices that have not failed, and one for the router while it is not done sending. */
  private final AtomicInteger outstanding = new AtomicInteger(1);

  private Set<Link> tried = Set.of();
  private Duration waited = Duration.ZERO;

  MessageDelivery(Fallback fallback) {
    this.fallback = fallback;
  }

  /** For one more device. */
  Delivery another() {
    outstanding.incrementAndGet();
    return this;
  }

  /** The message is on its way to all devices; if that is none, nothing happens here. */
  void sent() {
    if (outstanding.decrementAndGet() == 0) {
      fallBack();
    }
  }

  @Override
  public void failed(Link by, Duration waited) {
    synchronized (this) { // rare, and never while the router sends
      this.tried = Stream.concat(tried.stream(), Stream.of(by)).collect(Collectors.toSet());
      this.waited = waited;
    }
    if (outstanding.decrementAndGet() == 0) {
      fallBack();
    }
  }

  private void fallBack() {
    Set<Link> all;
    Duration since;
    synchronized (this) {
      all = tried;
      since = waited;
    }
    if (!all.isEmpty()) {
      fallback.deliver(since, all);
    }
  }
}
