package dev.sotto.config.cli;

import dev.sotto.config.roles.RunningRole;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Reloads on a thread of its own, one at a time: a file system or a name server that does not
 * answer may hold a reload up for ever, and must not hold up the end of the server.
 */
final class ReloadThread implements AutoCloseable {

  /** A reload that waits reads everything when it begins, so that one covers all later wishes. */
  private static final int WAITING = 1;

  private final Reloading reloading;
  private final List<RunningRole> roles;
  private final ExecutorService thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          Thread.ofPlatform().daemon().name("reload").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  ReloadThread(Reloading reloading, List<RunningRole> roles) {
    this.reloading = reloading;
    this.roles = roles;
  }

  /** Begins a reload, now or after the one that runs. */
  void reload() {
    thread.execute(() -> reloading.reload(roles));
  }

  /** No role hears of a reload any more, even of one that runs. Waits for nothing. */
  @Override
  public void close() {
    reloading.abandon();
    thread.shutdown();
  }
}
