package dev.sotto.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.benchmarks.report.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The work of the benchmarks, done a few times, and one of them by JMH. */
class BenchmarksTest {

  private static final int OPERATIONS = 1000;

  @Test
  void descriptors_are_read_with_and_without_their_structure() {
    DescriptorBenchmark benchmark = new DescriptorBenchmark();
    benchmark.learnStructure();
    for (int i = 0; i < OPERATIONS; i++) {
      assertThat(benchmark.readNewStructure()).isZero();
      assertThat(benchmark.readKnownStructure()).isZero();
      assertThat(benchmark.readWithoutStructure()).isPositive();
    }
  }

  @Test
  void headers_are_read_and_written_with_other_numbers() {
    HeaderBenchmark benchmark = new HeaderBenchmark();
    benchmark.receive();
    for (int i = 0; i < OPERATIONS; i++) {
      assertThat(benchmark.read()).isEqualTo(36 + 0x19);
      assertThat(benchmark.rewriteForReceiver()).isPositive();
      assertThat(benchmark.rewriteForReceiverWithDescriptor())
          .isEqualTo(benchmark.rewriteForReceiver());
    }
  }

  @Test
  void jmh_measures_what_is_chosen_and_its_rows_have_time_and_heap() throws IOException {
    List<Row> rows = new ArrayList<>();
    new MicroBenchmarks(1, true, rows::addAll).run(name -> name.equals("address hit, IPV4"));
    assertThat(rows)
        .extracting(Row::metric)
        .containsExactly("ns-per-operation", "heap-bytes-per-operation");
    Row time = rows.getFirst();
    assertThat(time.name()).isEqualTo("address hit, IPV4");
    assertThat(time.sotto().median()).isPositive();
    assertThat(time.peers()).containsOnlyKeys("hash-map");
    assertThat(time.ratio()).containsOnlyKeys("hash-map");
  }
}
