package dev.sotto.turn.relay;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends a client's connection that has no allocation for a while, whatever else is said on it: to be
 * open earns nothing. Looks once each timeout and ends what had none twice, so the end comes
 * between one and two of them after the last allocation. Belongs to the connection's event loop.
 */
public final class IdleCheck {
  private final ScheduledExecutorService loop;
  private final Duration timeout;
  private final ClientLink link;
  private final Runnable end;
  private Optional<Future<?>> next = Optional.empty();
  private boolean hadNone;

  public IdleCheck(ScheduledExecutorService loop, Duration timeout, ClientLink link, Runnable end) {
    this.loop = loop;
    this.timeout = timeout;
    this.link = link;
    this.end = end;
  }

  /** To be called once, when the connection can be used. */
  public void start() {
    next = Optional.of(loop.schedule(this::look, timeout.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** The connection is gone, and nothing of it is kept. */
  public void stop() {
    next.ifPresent(look -> look.cancel(false));
    next = Optional.empty();
  }

  private void look() {
    boolean hasNone = link.allocations().isEmpty();
    if (hasNone && hadNone) {
      next = Optional.empty();
      end.run();
      return;
    }
    hadNone = hasNone;
    start();
  }
}
