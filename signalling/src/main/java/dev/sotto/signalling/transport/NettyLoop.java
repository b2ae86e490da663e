package dev.sotto.signalling.transport;

import dev.sotto.signalling.stream.Loop;
import dev.sotto.signalling.stream.StreamTransport.Cancellable;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Netty's loop as streams and sessions see it. Once it has ended, nothing happens any more. */
record NettyLoop(EventLoop loop) implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(NettyLoop.class);

  @Override
  public void execute(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      later(task);
    }
  }

  @Override
  public void later(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("a loop that ends takes no more work", e);
    }
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    try {
      var future = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      LOG.debug("a loop that ends takes no more timers", e);
      return () -> {};
    }
  }
}
