package dev.sotto.benchmarks.micro;

import dev.sotto.benchmarks.ServerProcess;
import dev.sotto.benchmarks.report.Figures;
import dev.sotto.benchmarks.report.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH's benchmarks in turns: in each round every implementation of a case has a fresh JVM,
 * with the flags that a server of ours has, one after the other. A round is one value of a spread.
 */
public final class MicroBenchmarks {

  private static final int ITERATIONS = 4;
  private static final TimeValue LENGTH = TimeValue.milliseconds(500);
  private static final int QUICK_ITERATIONS = 1;
  private static final TimeValue QUICK_LENGTH = TimeValue.milliseconds(100);
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private final int rounds;
  private final boolean quick;
  private final Consumer<List<Row>> report;

  /**
   * @param quick to see that it works
   * @param report gets the rows of a case when it has been measured
   */
  public MicroBenchmarks(int rounds, boolean quick, Consumer<List<Row>> report) {
    this.rounds = rounds;
    this.quick = quick;
    this.report = report;
    if (quick) {
      // JMH runs once at a time on a machine, for the sake of figures.
      System.setProperty("jmh.ignoreLock", "true");
    }
  }

  /**
   * Runs the cases of these names.
   *
   * @throws IOException when a benchmark fails
   */
  public void run(Predicate<String> only) throws IOException {
    Map<String, List<MicroCase>> byName = new LinkedHashMap<>();
    for (MicroCase one : all()) {
      if (only.test(one.name())) {
        byName.computeIfAbsent(one.name(), _ -> new ArrayList<>()).add(one);
      }
    }
    for (Map.Entry<String, List<MicroCase>> same : byName.entrySet()) {
      Figures figures = new Figures(same.getKey());
      for (int round = 0; round < rounds; round++) {
        for (MicroCase one : same.getValue()) {
          add(figures, one.server(), measure(one));
        }
      }
      report.accept(figures.rows());
    }
  }

  /** As the compiler has listed them. */
  static List<MicroCase> all() {
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    return BenchmarkList.defaultList().getAll(silent, List.of()).stream()
        .sorted()
        .flatMap(entry -> MicroCase.of(entry.getUsername(), parameters(entry)).stream())
        .toList();
  }

  private static Map<String, List<String>> parameters(BenchmarkListEntry entry) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    entry.getParams().orElse(Map.of()).forEach((name, all) -> values.put(name, Arrays.asList(all)));
    return values;
  }

  private RunResult measure(MicroCase one) throws IOException {
    int iterations = quick ? QUICK_ITERATIONS : ITERATIONS;
    TimeValue length = quick ? QUICK_LENGTH : LENGTH;
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(one.benchmark()) + "$")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(1)
            .warmupIterations(iterations)
            .warmupTime(length)
            .measurementIterations(iterations)
            .measurementTime(length)
            .jvmArgs(ServerProcess.FLAGS.toArray(String[]::new))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    one.parameters().forEach(options::param);
    try {
      Collection<RunResult> results = new Runner(options.build()).run();
      return results.iterator().next();
    } catch (RunnerException e) {
      throw new IOException(one.name() + " of " + one.server() + " failed", e);
    }
  }

  static void add(Figures figures, String server, RunResult result) {
    figures.add(MicroMetric.TIME, server, result.getPrimaryResult().getScore());
    figures.add(MicroMetric.HEAP, server, result.getSecondaryResults().get(ALLOCATED).getScore());
  }
}
