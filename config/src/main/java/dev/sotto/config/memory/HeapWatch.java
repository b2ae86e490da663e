package dev.sotto.config.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Moves this JVM's {@code SoftMaxHeapSize} with the load, from the value that it was started with
 * up to its heap's maximum. A JVM that was started without one, or cannot change it, keeps what it
 * has.
 */
public final class HeapWatch implements AutoCloseable {
  private static final String OPTION = "SoftMaxHeapSize";

  private final HotSpotDiagnosticMXBean options;
  private final SoftHeapLimit limit;
  private final List<GarbageCollectorMXBean> cycles;
  private final ScheduledExecutorService timer;
  private long bytes;
  private long collectedMillis;
  private long lookedAtNanos;

  private HeapWatch(HotSpotDiagnosticMXBean options, long restBytes, long maximumBytes) {
    this.options = options;
    this.limit = new SoftHeapLimit(restBytes, maximumBytes);
    this.bytes = restBytes;
    this.cycles =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .filter(collector -> collector.getName().endsWith("Cycles"))
            .toList();
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("heap-watch").factory());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.timer = executor;
    this.collectedMillis = collected();
    this.lookedAtNanos = System.nanoTime();
    var _ = timer.scheduleAtFixedRate(this::look, 1, 1, TimeUnit.SECONDS);
  }

  /** Starts to watch this process, if its JVM lets the limit move. */
  public static Optional<HeapWatch> start() {
    HotSpotDiagnosticMXBean options =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long maximum = Runtime.getRuntime().maxMemory();
    return Optional.ofNullable(options)
        .map(bean -> bean.getVMOption(OPTION))
        .filter(VMOption::isWriteable)
        .map(option -> Long.parseLong(option.getValue()))
        .filter(rest -> rest > 0 && rest < maximum)
        .map(rest -> new HeapWatch(options, rest, maximum));
  }

  private void look() {
    long now = System.nanoTime();
    long collected = collected();
    double share = (collected - collectedMillis) * 1e6 / (now - lookedAtNanos);
    collectedMillis = collected;
    lookedAtNanos = now;
    long next = limit.next(share);
    if (next != bytes) {
      options.setVMOption(OPTION, Long.toString(next));
      bytes = next;
    }
  }

  private long collected() {
    return cycles.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
  }

  /** Leaves the limit where it is. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
