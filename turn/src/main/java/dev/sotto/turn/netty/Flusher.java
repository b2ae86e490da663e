package dev.sotto.turn.netty;

import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes every socket that was written to once, when its event loop has read all that was ready:
 * what several sockets received for one leaves by one sendmmsg. Belongs to one event loop.
 */
final class Flusher {
  private final SingleThreadEventLoop loop;
  private final List<Flushable> written = new ArrayList<>();
  private final Runnable flushAll = this::flushAll;

  Flusher(SingleThreadEventLoop loop) {
    this.loop = loop;
  }

  /** To be called when a socket turns from flushed to written. */
  void add(Flushable socket) {
    if (written.isEmpty()) {
      loop.executeAfterEventLoopIteration(flushAll);
    }
    written.add(socket);
  }

  private void flushAll() {
    for (int i = 0; i < written.size(); i++) {
      written.get(i).flush();
    }
    written.clear();
  }
}
