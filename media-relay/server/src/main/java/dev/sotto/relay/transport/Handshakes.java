package dev.sotto.relay.transport;

import dev.sotto.media.dtls.DtlsHandshake;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs handshakes on virtual threads, so many at a time: each costs about two milliseconds of CPU
 * and 100 kB, and a thousand people who join at once must not starve the media of those who talk.
 */
public final class Handshakes {
  private final int most;
  private final AtomicInteger running = new AtomicInteger();

  /**
   * @param most handshakes at a time
   */
  public Handshakes(int most) {
    this.most = most;
  }

  /**
   * Runs a handshake soon.
   *
   * @return false when too many run; the endpoint's next datagram is the time to try again
   */
  public boolean start(DtlsHandshake handshake) {
    if (running.incrementAndGet() > most) {
      running.decrementAndGet();
      return false;
    }
    Thread.ofVirtual()
        .name("dtls")
        .start(() -> {
          try {
            handshake.run();
          } finally {
            running.decrementAndGet();
          }
        });
    return true;
  }

  public int running() {
    return running.get();
  }
}
