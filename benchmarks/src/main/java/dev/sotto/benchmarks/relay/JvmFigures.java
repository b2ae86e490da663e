package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the JVM of a relay says of itself: bytes that its event loops have allocated, and pauses of
 * its collector. Asking takes processor time of the relay, so not while that is counted.
 */
final class JvmFigures {

  /** Has the JVM write its pauses into a file. */
  static String option(Path gcLog) {
    return "-Xlog:gc+phases:file=" + gcLog + "::filecount=0";
  }

  private static final Pattern EVENT_LOOP =
      Pattern.compile("^\"relay-\\d.* allocated=(\\d+)([BKMG]) .*");
  private static final Pattern PAUSE = Pattern.compile(".*Pause .* ([\\d.]+)ms.*");
  private static final String UNITS = "BKMG";
  private static final int UNIT_BITS = 10;

  private final ServerProcess process;
  private final Path gcLog;

  JvmFigures(ServerProcess process, Path gcLog) {
    this.process = process;
    this.gcLog = gcLog;
  }

  /** Of all event loops since their start; rounded to kilobytes, above 100 MB to megabytes. */
  long allocatedBytes() throws IOException {
    Process threads =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                "Thread.print",
                "-e")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return allocatedBytes(threads.inputReader().readAllLines());
  }

  static long allocatedBytes(List<String> threads) {
    return threads.stream()
        .map(EVENT_LOOP::matcher)
        .filter(Matcher::matches)
        .mapToLong(
            loop -> Long.parseLong(loop.group(1)) << (UNIT_BITS * UNITS.indexOf(loop.group(2))))
        .sum();
  }

  /** How many lines the log of pauses has. */
  int logged() throws IOException {
    return Files.readAllLines(gcLog).size();
  }

  /** The longest pause of those after so many lines, in microseconds; 0 without any. */
  double longestPauseMicros(int logged) throws IOException {
    List<String> lines = Files.readAllLines(gcLog);
    return longestPauseMicros(lines.subList(logged, lines.size()));
  }

  static double longestPauseMicros(List<String> log) {
    return log.stream()
        .map(PAUSE::matcher)
        .filter(Matcher::matches)
        .mapToDouble(pause -> 1000 * Double.parseDouble(pause.group(1)))
        .max()
        .orElse(0);
  }
}
