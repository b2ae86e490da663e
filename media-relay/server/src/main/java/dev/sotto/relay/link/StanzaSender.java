package dev.sotto.relay.link;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.packet.Stanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the relay says on one connection, on a thread of its own, since sending blocks when
 * the server reads slowly. Answers and announcements go before events, which wait in the outbox
 * where newer ones replace them.
 */
final class StanzaSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StanzaSender.class);

  /** Answers and announcements that wait for a server that reads slowly. */
  private static final int MAX_WAITING = 1_024;

  private final XMPPConnection connection;
  private final EventOutbox outbox;
  private final Consumer<String> onEnd;

  private final BlockingQueue<Stanza> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Semaphore work = new Semaphore(0);
  private final Thread thread;

  /**
   * @param onEnd told why when it sends no more; never blocks
   */
  StanzaSender(XMPPConnection connection, EventOutbox outbox, Consumer<String> onEnd) {
    this.connection = connection;
    this.outbox = outbox;
    this.onEnd = onEnd;
    this.thread = Thread.ofVirtual().name("relay-link-sender").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /**
   * Sends it soon. Never blocks; where there is no room the connection ends, so that an answer is
   * never lost on one that stands.
   */
  void offer(Stanza stanza) {
    if (waiting.offer(stanza)) {
      wake();
    } else {
      onEnd.accept("the server reads too slowly");
    }
  }

  /** Sends it soon, or never when much waits already: a stranger must not end the connection. */
  void offerToStranger(Stanza stanza) {
    if (waiting.size() < MAX_WAITING / 2) {
      offer(stanza);
    }
  }

  /** The outbox may have something to send. Never blocks. */
  void wake() {
    if (work.availablePermits() == 0) {
      work.release();
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        connection.sendStanza(next());
      }
    } catch (NotConnectedException | InterruptedException _) {
      // Whoever ended it knows why.
    } catch (RuntimeException e) {
      LOG.error("What the relay has to say to the focus could not be written", e);
    } finally {
      onEnd.accept("nothing more can be sent");
    }
  }

  private Stanza next() throws InterruptedException {
    while (true) {
      Stanza first = waiting.poll();
      if (first != null) {
        return first;
      }
      Optional<EventOutbox.Letter> letter = outbox.take();
      if (letter.isPresent()) {
        return EventWriter.write(connection.getStanzaFactory().buildMessageStanza(), letter.get());
      }
      work.acquire();
      work.drainPermits();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
