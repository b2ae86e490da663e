package dev.sotto.turn.relay;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends a client's connection that had no allocation and said nothing whole for a while: to be open
 * earns nothing. Looks once each timeout, so the end comes between one and two of them after the
 * last word. Belongs to the connection's event loop.
 */
public final class IdleCheck {
  private final ScheduledExecutorService loop;
  private final Duration timeout;
  private final ClientLink link;
  private final Runnable end;
  private boolean spoke;
  private boolean stopped;

  public IdleCheck(ScheduledExecutorService loop, Duration timeout, ClientLink link, Runnable end) {
    this.loop = loop;
    this.timeout = timeout;
    this.link = link;
    this.end = end;
  }

  /** To be called once, when the connection can be used. */
  public void start() {
    var _ = loop.schedule(this::look, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The client has sent a whole message. */
  public void spoke() {
    spoke = true;
  }

  /** The connection is gone; there is nothing to end any more. */
  public void stop() {
    stopped = true;
  }

  private void look() {
    if (stopped) {
      return;
    }
    if (!spoke && link.allocations().isEmpty()) {
      end.run();
      return;
    }
    spoke = false;
    start();
  }
}
