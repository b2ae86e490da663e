package dev.sotto.relay.nat;

import dev.sotto.media.ice.AddressMapping;
import dev.sotto.media.ice.AddressMappingSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a source look for public addresses on a thread of its own, since it blocks, again and again
 * until something is found: a relay that starts before its network is complete must not stay
 * unreachable. Safe to use from any thread.
 */
public final class MappingSearch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MappingSearch.class);

  private final AddressMappingSource source;
  private final Consumer<List<AddressMapping>> found;
  private final Duration pause;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch firstLook = new CountDownLatch(1);

  private MappingSearch(
      AddressMappingSource source, Duration pause, Consumer<List<AddressMapping>> found) {
    this.source = source;
    this.pause = pause;
    this.found = found;
  }

  /**
   * Begins to look.
   *
   * @param pause between one look and the next
   * @param found called once at most, on another thread
   */
  public static MappingSearch start(
      AddressMappingSource source, Duration pause, Consumer<List<AddressMapping>> found) {
    MappingSearch search = new MappingSearch(source, pause, found);
    Thread.ofVirtual().name("relay-addresses").start(search::run);
    return search;
  }

  private void run() {
    try {
      boolean told = false;
      while (!look()) {
        firstLook.countDown();
        if (!told) {
          told = true;
          LOG.warn(
              "No STUN server told the public address; candidates name own addresses until one"
                  + " does, asked again every {} s",
              pause.toSeconds());
        }
        if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      firstLook.countDown();
    }
  }

  private boolean look() {
    List<AddressMapping> mappings;
    try {
      mappings = source.discover();
    } catch (RuntimeException e) {
      LOG.warn("Looking for the public address failed: {}", e.toString());
      return false;
    }
    if (closed.getCount() == 0) {
      return true; // nobody is left to be told
    }
    if (mappings.isEmpty()) {
      return false;
    }
    mappings.forEach(mapping ->
        LOG.info(
            "{} is {} from outside",
            mapping.local().getHostAddress(),
            mapping.exposed().getHostAddress()));
    found.accept(mappings);
    return true;
  }

  /** Waits until it has looked once, but no longer than this. */
  public void awaitFirst(Duration patience) throws InterruptedException {
    var _ = firstLook.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Nothing is told any more. */
  @Override
  public void close() {
    closed.countDown();
  }
}
