package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JvmFiguresTest {

  @Test
  void allocations_are_those_of_event_loops_in_their_units() {
    List<String> threads =
        List.of(
            "\"main\" #3 [7] prio=5 os_prio=0 cpu=1ms elapsed=2s allocated=900K defined_classes=5",
            "\"relay-1-1\" #28 [8] daemon cpu=1ms elapsed=2s allocated=3K defined_classes=0 tid",
            "\"relay-1-2\" #29 [9] daemon cpu=1ms elapsed=2s allocated=2M defined_classes=0 tid",
            "   java.lang.Thread.State: RUNNABLE");
    assertThat(JvmFigures.allocatedBytes(threads)).isEqualTo((3 << 10) + (2 << 20));
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
