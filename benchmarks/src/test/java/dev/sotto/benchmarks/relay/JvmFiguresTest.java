package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JvmFiguresTest {

  private static final int BYTES = 50_000_000;

  @Test
  void allocations_are_those_of_the_threads_of_a_name() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    AtomicReference<byte[]> kept = new AtomicReference<>(new byte[0]);
    CompletableFuture<Boolean> allocated = new CompletableFuture<>();
    CompletableFuture<Boolean> counted = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .name("figures-1")
            .start(() -> {
              kept.set(new byte[BYTES]);
              allocated.complete(true);
              counted.join();
            });
    allocated.get(10, TimeUnit.SECONDS);
    assertThat(JvmFigures.allocatedBytes(threads, Pattern.compile("figures-\\d")))
        .isBetween((long) BYTES, BYTES + 1_000_000L);
    assertThat(JvmFigures.allocatedBytes(threads, Pattern.compile("figures"))).isZero();
    counted.complete(true);
    thread.join();
    assertThat(kept.get()).hasSize(BYTES);
  }

  @Test
  void the_longest_pause_is_found_among_the_phases() {
    List<String> log =
        List.of(
            "[0.9s][info][gc,phases] GC(0) y: Pause Mark Start (Major) 0.006ms",
            "[0.9s][info][gc,phases] GC(0) y: Concurrent Mark 12.481ms",
            "[1.0s][info][gc,phases] GC(0) y: Pause Relocate Start 0.011ms");
    assertThat(JvmFigures.longestPauseMicros(log)).isEqualTo(11);
    assertThat(JvmFigures.longestPauseMicros(List.of())).isZero();
  }
}
