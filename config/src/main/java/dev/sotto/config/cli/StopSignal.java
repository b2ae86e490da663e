package dev.sotto.config.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish that the process ends. The first SIGTERM or SIGINT asks for it, the second one forces
 * it. A shutdown hook could neither end with status 0 nor hear a second signal.
 */
public final class StopSignal {

  private static final int FORCED = 1;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);

  /** Listens to the process's signals. */
  public StopSignal install() {
    on("TERM");
    on("INT");
    return this;
  }

  /** Asks for the end; asked again, ends at once. */
  public void ask() {
    if (asked.getCount() == 0) {
      Runtime.getRuntime().halt(FORCED);
    }
    asked.countDown();
  }

  /** Waits until someone asks. */
  public void await() throws InterruptedException {
    asked.await();
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
  private void on(String signalName) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle listener =
          MethodHandles.lookup()
              .findVirtual(StopSignal.class, "ask", MethodType.methodType(void.class))
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
