package dev.sotto.e2e;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A script of {@code src/test/python} in a process of its own, which says what happens as one JSON
 * object a line, with the name of the event in {@code event}.
 */
final class PythonPeer implements AutoCloseable {

  /** The distribution's Python: its modules are packages of the distribution. */
  static final Path PYTHON = Path.of("/usr/bin/python3");

  private static final Path MODULES = Path.of("/usr/lib/python3/dist-packages");
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();

  PythonPeer(String script, Map<String, String> environment, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(PYTHON.toString());
    command.add(SottoProcess.checkout().resolve("config/src/test/python/" + script).toString());
    command.addAll(options);
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      // Modules beside the script would else be compiled into the tree of sources.
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::read);
  }

  /** Whether the distribution has Python and these modules. */
  static boolean has(String... modules) {
    return Files.isExecutable(PYTHON)
        && List.of(modules).stream().allMatch(name -> Files.isDirectory(MODULES.resolve(name)));
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("reading failed: " + e);
    }
  }

  /** Waits for an event of this name and returns its details. */
  Map<String, Object> await(String event) {
    return await(event, details -> true);
  }

  /** Waits for an event of this name with such details. */
  Map<String, Object> await(String event, Predicate<Map<String, Object>> condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (true) {
        String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (line == null) {
          throw new AssertionError("no " + event + " from the peer; it said:\n" + said());
        }
        seen.add(line);
        if (line.startsWith("{")) {
          Map<String, Object> details = JSONObjectUtils.parse(line);
          if (event.equals(details.get("event")) && condition.test(details)) {
            return details;
          }
        }
      }
    } catch (InterruptedException | ParseException e) {
      throw new AssertionError("the peer said:\n" + said(), e);
    }
  }

  private String said() {
    return String.join("\n", seen);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
