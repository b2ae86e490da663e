package dev.sotto.config.cli;

import java.io.Console;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the process is asked for by signals. The first SIGTERM or SIGINT asks it to stop, the second
 * one forces it; SIGHUP asks it to read its settings again. A shutdown hook could neither end with
 * status 0 nor hear a second signal.
 */
public final class ProcessSignals {

  /** What was asked. */
  enum Wish {
    STOP,
    RELOAD
  }

  private static final int FORCED = 1;

  private final AtomicBoolean stopping = new AtomicBoolean();
  private final BlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();
  private final CountDownLatch finished = new CountDownLatch(1);

  /** Listens to the process's signals. A terminal that goes away sends SIGHUP too: then to stop. */
  public ProcessSignals install() {
    boolean onTerminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    on("TERM", "stop");
    on("INT", "stop");
    on("HUP", onTerminal ? "stop" : "reload");
    return this;
  }

  /** Asks for the end; asked again, ends at once. */
  public void stop() {
    if (stopping.getAndSet(true)) {
      Runtime.getRuntime().halt(FORCED);
    }
    wishes.add(Wish.STOP);
  }

  /** Asks to take up changed settings. */
  public void reload() {
    wishes.add(Wish.RELOAD);
  }

  /** Waits until something is asked, and returns it. */
  Wish next() throws InterruptedException {
    return wishes.take();
  }

  /** Ends the process by force unless {@link #finish} is called within {@code deadline}. */
  public void forceAfter(Duration deadline) {
    Thread.ofVirtual()
        .name("stop-deadline")
        .start(() -> {
          try {
            if (!finished.await(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
              Runtime.getRuntime().halt(FORCED);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Everything has ended in time. */
  public void finish() {
    finished.countDown();
  }

  /**
   * The JDK's only way to hear a signal is {@code sun.misc.Signal}, which the compiler warns about
   * wherever it is named; so it is reached by name.
   */
  private void on(String signalName, String wish) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle listener =
          MethodHandles.lookup()
              .findVirtual(ProcessSignals.class, wish, MethodType.methodType(void.class))
              .bindTo(this);
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance(signalName),
              MethodHandleProxies.asInterfaceInstance(
                  handler, MethodHandles.dropArguments(listener, 0, signal)));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM does not pass on SIG" + signalName, e);
    }
  }
}
