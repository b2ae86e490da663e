package dev.sotto.turn.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running program that is not ours; ends with the test. Its errors are part of what it says. */
public final class Tool implements AutoCloseable {
  /** The distribution's own Python: Debian's python3-* packages are for it alone. */
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  private final Process process;
  private final BufferedReader output;

  private Tool(List<String> command, List<Path> scripts) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    output = process.inputReader(StandardCharsets.UTF_8);
    process.onExit().thenRun(() -> scripts.forEach(script -> script.toFile().delete()));
  }

  public static Tool start(List<String> command) throws IOException {
    return new Tool(command, List.of());
  }

  /** Runs a script that lies beside the test classes, under {@code /tools}. */
  public static Tool python(String script, String... arguments) throws IOException {
    Path copy = Files.createTempFile("turn-", "-" + script);
    try (InputStream in = Tool.class.getResourceAsStream("/tools/" + script)) {
      Files.write(copy, in.readAllBytes());
    }
    List<String> command = new ArrayList<>(List.of(PYTHON.toString(), copy.toString()));
    command.addAll(List.of(arguments));
    return new Tool(command, List.of(copy));
  }

  public static boolean hasPython() {
    return Files.isExecutable(PYTHON);
  }

  /** What it says next; empty when it has ended. */
  public String nextLine() throws IOException {
    String line = output.readLine();
    return line == null ? "" : line;
  }

  /** Everything it says until it ends, which must be in time. */
  public String untilItEnds(int seconds) throws IOException, InterruptedException {
    Thread guard =
        Thread.ofVirtual()
            .start(() -> {
              try {
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    String text = output.readAllAsString();
    guard.join();
    return text;
  }

  /** Meaningful once it has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
