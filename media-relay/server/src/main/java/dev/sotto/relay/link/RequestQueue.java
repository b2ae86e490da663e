package dev.sotto.relay.link;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests in the order in which they came, carried out one by one on a thread of their own: the
 * connection's is never held up, and a request of a lost connection is done before those of the
 * next.
 */
final class RequestQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestQueue.class);

  private final BlockingQueue<Runnable> waiting;
  private final Thread thread;

  /**
   * @param capacity how many may wait
   */
  RequestQueue(int capacity) {
    waiting = new ArrayBlockingQueue<>(capacity);
    thread = Thread.ofVirtual().name("relay-link-requests").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Whether there was room for it; it will be carried out then. */
  boolean offer(Runnable request) {
    return waiting.offer(request);
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        waiting.take().run();
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        LOG.error("A request of the focus could not be answered", e);
      }
    }
  }

  /** Ends it; what waits is not done. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
