package dev.sotto.benchmarks.calls;

import dev.sotto.benchmarks.Machine;
import dev.sotto.benchmarks.report.Report;
import dev.sotto.benchmarks.report.Row;
import dev.sotto.benchmarks.report.Row.Better;
import dev.sotto.benchmarks.report.Spread;
import dev.sotto.e2e.Person;
import dev.sotto.e2e.SottoProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Calls between two real browsers: how soon the caller hears ringing, and how soon after the answer
 * the first sound and picture are decoded, directly and through TURN; beside it the start of the
 * server and its memory at rest.
 */
@Command(
    name = "calls",
    description = "Call set-up between two real browsers, directly and through TURN.",
    mixinStandardHelpOptions = true)
public final class CallSetUp implements Callable<Integer> {

  private static final int CALLS = 30;
  private static final int QUICK_CALLS = 5;
  private static final int STARTS = 5;
  private static final Duration REST = Duration.ofSeconds(10);

  @Option(names = "--quick", description = "${DEFAULT-VALUE} fewer calls, for trying it out.")
  private boolean quick;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "bench-out/calls")
  private Path out;

  /** Milliseconds of one call. */
  private record Waits(double ringing, double sound, double picture) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Instant startedAt = Instant.now();
    List<Row> rows = new ArrayList<>(starts());
    Path data = Files.createTempDirectory("sotto-bench");
    try (SottoProcess sotto = SottoProcess.onFreePorts(data);
        Person alice = new Person("alice");
        Person bob = new Person("bob")) {
      rows.addAll(measure("direct", sotto, alice, bob));
      rows.addAll(measure("TURN", sotto, alice, bob, "relay=only"));
    }
    Report report =
        new Report("calls", Machine.commit(), Machine.describe(), startedAt, List.copyOf(rows));
    report.write(out);
    System.out.print(report.toText());
    System.out.println("Report: " + out.resolve("report.html").toAbsolutePath());
    return 0;
  }

  private List<Row> starts() throws IOException, InterruptedException {
    double[] readyMs = new double[quick ? 1 : STARTS];
    double[] restBytes = new double[readyMs.length];
    for (int i = 0; i < readyMs.length; i++) {
      Path data = Files.createTempDirectory("sotto-bench");
      long began = System.nanoTime();
      try (SottoProcess sotto = SottoProcess.onFreePorts(data)) {
        readyMs[i] = (System.nanoTime() - began) / 1e6;
        // At rest: what start-up left behind has had time to go.
        Thread.sleep(REST);
        restBytes[i] = sotto.residentBytes();
      }
    }
    return List.of(
        Row.alone(
            "./sotto run: start to ready", "latency-ms", "ms", Better.LOWER, Spread.of(readyMs)),
        Row.alone(
            "./sotto run: memory at rest",
            "rss-bytes",
            "bytes",
            Better.LOWER,
            Spread.of(restBytes)));
  }

  private List<Row> measure(
      String path, SottoProcess sotto, Person alice, Person bob, String... parameters) {
    alice.signIn(sotto.url(), parameters);
    bob.signIn(sotto.url(), parameters);
    // One call that does not count: code and caches of browser and server are cold.
    oneCall(alice, bob);
    List<Waits> waits = new ArrayList<>();
    for (int i = 0; i < (quick ? QUICK_CALLS : CALLS); i++) {
      waits.add(oneCall(alice, bob));
    }
    return List.of(
        row(path + ": propose to ringing, p50", waits.stream().mapToDouble(Waits::ringing), 50),
        row(path + ": propose to ringing, p95", waits.stream().mapToDouble(Waits::ringing), 95),
        row(path + ": accept to first sound, p50", waits.stream().mapToDouble(Waits::sound), 50),
        row(path + ": accept to first sound, p95", waits.stream().mapToDouble(Waits::sound), 95),
        row(
            path + ": accept to first picture, p50",
            waits.stream().mapToDouble(Waits::picture),
            50),
        row(
            path + ": accept to first picture, p95",
            waits.stream().mapToDouble(Waits::picture),
            95));
  }

  private static Row row(String name, java.util.stream.DoubleStream values, int percent) {
    double[] ascending = values.sorted().toArray();
    double value = Spread.percentile(ascending, percent);
    return Row.alone(
        name,
        "latency-ms",
        "ms",
        Better.LOWER,
        new Spread(value, ascending[0], Arrays.stream(ascending).max().orElseThrow()));
  }

  private static Waits oneCall(Person caller, Person callee) {
    caller.callWithVideo(callee);
    callee.answerWithVideo();
    callee.awaitMedia(10);
    Map<String, Double> called = caller.timings();
    Map<String, Double> answered = callee.timings();
    caller.hangUp();
    callee.awaitEnd("peer-hung-up");
    caller.dismiss();
    callee.dismiss();
    return new Waits(
        called.get("ringingReceived") - called.get("proposeSent"),
        answered.get("firstAudio") - answered.get("acceptPressed"),
        answered.get("firstVideo") - answered.get("acceptPressed"));
  }
}
