package dev.sotto.relay.link;

import dev.sotto.relay.control.ConferenceControl;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's link with signalling: dials out, logs in, announces the relay, hands the focus's
 * requests to the relay's {@link ConferenceControl}, and dials again for ever when it is lost.
 *
 * <p>A request that was read before a cut is carried out, before any of the next connection; its
 * answer is lost with the connection, for the focus cannot know to which of its requests an answer
 * on another one belongs. What came of it shows: the announcement that opens each connection names
 * the conferences held, and to ask again for what is there already is refused as such. Conferences
 * do not notice that the link is lost.
 */
public final class RelayLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RelayLink.class);

  /** Requests that wait for those before them; a focus that has more under way asks too fast. */
  private static final int MAX_REQUESTS = 4_096;

  /** States kept for the focus: two for each endpoint of a large host, some 2 kB each at most. */
  private static final int MAX_STATES = 16_384;

  private static final long CLOSE_MILLIS = 15_000;

  private final LinkSettings settings;
  private final Supplier<RelayStatus> status;
  private final LongSupplier nanoTime;
  private final Backoff backoff;

  private final EventOutbox outbox = new EventOutbox(MAX_STATES);
  private final RequestQueue requests = new RequestQueue(MAX_REQUESTS);
  private final RequestDesk desk;
  private final Dialer dialer;

  private final AtomicReference<Optional<LinkSession>> current =
      new AtomicReference<>(Optional.empty());
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  // Of the link's thread.
  private boolean lossIsTold;
  private long downSinceNanos;
  private int attempts;

  /**
   * @param status of the relay; called by the link's own threads, must not block
   * @param nanoTime a monotonic clock
   * @param random spreads the attempts of many relays
   */
  public RelayLink(
      LinkSettings settings,
      ConferenceControl control,
      Supplier<RelayStatus> status,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.settings = settings;
    this.status = status;
    this.nanoTime = nanoTime;
    LinkTimings timings = settings.timings();
    this.backoff =
        new Backoff(timings.firstRetry().toNanos(), timings.lastRetry().toNanos(), random);
    this.desk =
        new RequestDesk(settings, control, () -> status.get().conferenceIds(), outbox, this::wake);
    this.dialer = new Dialer(settings);
    this.thread = Thread.ofVirtual().name("relay-link").unstarted(this::run);
  }

  /** Dials, now and until it is closed. Returns at once. */
  public void start() {
    requests.start();
    thread.start();
  }

  /** Whether the relay is logged in. */
  public boolean isUp() {
    return current.get().isPresent();
  }

  /** Takes what the focus has to know; to be used whether the link is up or not. */
  public ConferenceEvents events() {
    return new ConferenceEvents() {
      @Override
      public void publish(ConferenceEvent event) {
        outbox.publish(event);
        wake();
      }

      @Override
      public void endpointLeft(String conferenceId, String endpointId) {
        outbox.endpointLeft(conferenceId, endpointId);
      }

      @Override
      public void conferenceEnded(String conferenceId) {
        outbox.conferenceEnded(conferenceId);
      }
    };
  }

  /** Says goodbye to the server and dials no more. What is asked but not yet done is not done. */
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    requests.close();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    downSinceNanos = nanoTime.getAsLong();
    while (!isClosed()) {
      try {
        lost(attempt());
        if (closed.await(backoff.waitNanos(nanoTime.getAsLong()), TimeUnit.NANOSECONDS)) {
          return;
        }
      } catch (InterruptedException _) {
        // Whoever closes the link does this.
      }
    }
  }

  /** One connection, from the dialling to its loss; why it is lost. */
  private String attempt() throws InterruptedException {
    attempts++;
    try {
      LinkSession session =
          new LinkSession(settings, dialer, desk, requests, outbox, status, nanoTime);
      try {
        session.open();
        stands(session);
        return session.serve();
      } finally {
        current.set(Optional.empty());
        if (isClosed()) {
          session.close();
        } else {
          session.kill();
        }
      }
    } catch (IOException | SmackException | XMPPException e) {
      return Reasons.of(e);
    } catch (RuntimeException e) {
      if (!lossIsTold) {
        LOG.error("The link has a fault", e);
      }
      return Reasons.of(e);
    }
  }

  private void stands(LinkSession session) {
    long nowNanos = nanoTime.getAsLong();
    backoff.connected(nowNanos);
    current.set(Optional.of(session));
    LOG.info(
        "The relay is linked with {} at {}:{}, at attempt {} in {} s",
        settings.self().asDomainBareJid(),
        settings.host(),
        settings.port(),
        attempts,
        TimeUnit.NANOSECONDS.toSeconds(nowNanos - downSinceNanos));
    lossIsTold = false;
    attempts = 0;
  }

  /** One line for the loss; the attempts that fail after it have none. */
  private void lost(String reason) {
    long nowNanos = nanoTime.getAsLong();
    backoff.failed(nowNanos);
    if (!lossIsTold && !isClosed()) {
      LOG.warn(
          "The relay has no link with {} at {}:{} ({}); it tries until it has, calls go on",
          settings.self().asDomainBareJid(),
          settings.host(),
          settings.port(),
          reason);
      lossIsTold = true;
      downSinceNanos = nowNanos;
    }
  }

  private void wake() {
    current.get().ifPresent(LinkSession::wake);
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }
}
