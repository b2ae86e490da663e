package dev.sotto.turn.netty;

import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Flushes every socket that was written to once, when its event loop has read all that was ready:
 * what several sockets received for one leaves by one sendmmsg. Belongs to one event loop.
 */
final class Flusher {
  private static final FastThreadLocal<Optional<Flusher>> OF_THIS_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected Optional<Flusher> initialValue() {
          return Optional.empty();
        }
      };

  private final SingleThreadEventLoop loop;
  private final List<Flushable> written = new ArrayList<>();
  private final Runnable flushAll = this::flushAll;

  Flusher(SingleThreadEventLoop loop) {
    this.loop = loop;
    loop.execute(() -> OF_THIS_THREAD.set(Optional.of(this)));
  }

  /** The one of the event loop that asks; on any other thread, none. */
  static Optional<Flusher> ofThisThread() {
    return OF_THIS_THREAD.get();
  }

  /** To be called when a socket turns from flushed to written; more often does no harm. */
  void add(Flushable socket) {
    if (written.isEmpty()) {
      loop.executeAfterEventLoopIteration(flushAll);
    } else if (written.getLast().equals(socket)) {
      return;
    }
    written.add(socket);
  }

  private void flushAll() {
    try {
      for (int i = 0; i < written.size(); i++) {
        written.get(i).flush();
      }
    } finally {
      written.clear(); // or nothing would be flushed ever after
    }
  }
}
