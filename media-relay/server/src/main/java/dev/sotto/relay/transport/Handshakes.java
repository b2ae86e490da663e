package dev.sotto.relay.transport;

import dev.sotto.media.dtls.DtlsHandshake;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Runs handshakes on virtual threads, so many at a time: each costs about two milliseconds of CPU
 * and 100 kB, and a thousand people who join at once must not starve the media of those who talk.
 * When all places are taken, the oldest handshake that has outlived every honest one gives up its
 * place, so that those who begin and then say nothing cannot keep others out. Of any thread.
 */
public final class Handshakes {
  /** Two round trips of 300 ms, with three losses on the way. */
  static final long PATIENCE_NANOS = 3_000_000_000L;

  private final int most;
  private final AtomicInteger running = new AtomicInteger();

  /** In the order in which they began. */
  private final Queue<Running> begun = new ConcurrentLinkedQueue<>();

  private record Running(DtlsHandshake handshake, long sinceNanos) {}

  /**
   * @param most handshakes at a time
   */
  public Handshakes(int most) {
    this.most = most;
  }

  /**
   * Runs a handshake soon.
   *
   * @param making called only when there is a place
   * @return the handshake; empty when too many run, to be tried again later
   */
  public Optional<DtlsHandshake> start(Supplier<DtlsHandshake> making, long nowNanos) {
    if (running.incrementAndGet() > most) {
      running.decrementAndGet();
      giveUpOldest(nowNanos);
      return Optional.empty();
    }
    Running made = new Running(making.get(), nowNanos);
    begun.add(made);
    Thread.ofVirtual()
        .name("dtls")
        .start(() -> {
          try {
            made.handshake.run();
          } finally {
            begun.remove(made);
            running.decrementAndGet();
          }
        });
    return Optional.of(made.handshake);
  }

  private void giveUpOldest(long nowNanos) {
    Running oldest = begun.peek();
    if (oldest != null && nowNanos - oldest.sinceNanos >= PATIENCE_NANOS && begun.remove(oldest)) {
      oldest.handshake.cancel();
    }
  }

  public int running() {
    return running.get();
  }
}
