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

/**
 * {@code peer.py}: slixmpp and aiortc, which share no code with Sotto, in a process of their own.
 */
final class IndependentPeer implements AutoCloseable {

  /** The distribution's Python: its modules are packages of the distribution. */
  static final Path PYTHON = Path.of("/usr/bin/python3");

  private static final Path SCRIPT =
      SottoProcess.checkout().resolve("config/src/test/python/peer.py");
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();

  IndependentPeer(SottoProcess server, String user, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                PYTHON.toString(),
                SCRIPT.toString(),
                "--server",
                "127.0.0.1:" + server.xmppPort(),
                "--jid",
                user + "@localhost"));
    command.addAll(List.of(options));
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("SOTTO_TOKEN", server.token(user));
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::read);
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
          if (event.equals(details.get("event"))) {
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

  /** Whether the distribution's packages are there. */
  static boolean isInstalled() {
    return Files.isExecutable(PYTHON)
        && Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/slixmpp"))
        && Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/aiortc"));
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
