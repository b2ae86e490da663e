package dev.sotto.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Sotto that runs as its users run it, in a process of its own. Ready once it says so on stdout;
 * {@link #close} sends SIGTERM and expects exit code 0.
 */
public final class SottoProcess implements AutoCloseable {

  private static final String READY = "Sotto is ready: ";
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);

  private final Process process;
  private final URI url;
  private final int xmppPort;
  private final Path dataDir;
  private final Queue<String> output;

  private SottoProcess(Process process, URI url, int xmppPort, Path dataDir, Queue<String> output) {
    this.process = process;
    this.url = url;
    this.xmppPort = xmppPort;
    this.dataDir = dataDir;
    this.output = output;
  }

  /** The checkout that is tested: the first folder upwards with the launcher and the parent pom. */
  static Path checkout() {
    Path folder = Path.of("").toAbsolutePath();
    while (!(Files.isExecutable(folder.resolve("sotto"))
        && Files.isRegularFile(folder.resolve("pom.xml")))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** {@code ./sotto run} and nothing else: default configuration, default ports. */
  static SottoProcess withDefaults() {
    Path checkout = checkout();
    return start(
        new ProcessBuilder(checkout.resolve("sotto").toString(), "run"),
        5222,
        checkout.resolve("data"));
  }

  /** On free ports with data of its own, so that several can run at a time. */
  public static SottoProcess onFreePorts(Path dataDir, String... settings) {
    int xmppPort = freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                checkout().resolve("sotto").toString(),
                "run",
                "--set",
                "http.port=0",
                "--set",
                "https.enabled=false",
                "--set",
                "xmpp.port=" + xmppPort,
                "--set",
                "xmpp.direct-tls.enabled=false",
                "--set",
                "turn.port=0",
                "--set",
                "turn.tls.enabled=false",
                "--set",
                "relay.port=0",
                "--set",
                "management.signalling-port=0",
                "--set",
                "data-dir=" + dataDir));
    for (String setting : settings) {
      command.add("--set");
      command.add(setting);
    }
    return start(new ProcessBuilder(command), xmppPort, dataDir);
  }

  private static SottoProcess start(ProcessBuilder builder, int xmppPort, Path dataDir) {
    builder.directory(checkout().toFile()).redirectErrorStream(true);
    Queue<String> output = new ConcurrentLinkedQueue<>();
    CompletableFuture<URI> ready = new CompletableFuture<>();
    try {
      Process process = builder.start();
      Thread.ofVirtual().start(() -> read(process, output, ready));
      URI url = ready.get(START_DEADLINE.toSeconds(), TimeUnit.SECONDS);
      return new SottoProcess(process, url, xmppPort, dataDir, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("Sotto did not start; it said:\n" + String.join("\n", output), e);
    }
  }

  private static void read(Process process, Queue<String> output, CompletableFuture<URI> ready) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.add(line);
        if (line.startsWith(READY)) {
          ready.complete(URI.create(line.substring(READY.length())));
        }
      }
    } catch (IOException e) {
      output.add("reading its output failed: " + e);
    }
    ready.completeExceptionally(new IllegalStateException("it ended"));
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the call page is. */
  public URI url() {
    return url;
  }

  /** XMPP with STARTTLS. */
  int xmppPort() {
    return xmppPort;
  }

  /** A development token, as the command line mints it. */
  String token(String user) {
    try {
      Process token =
          new ProcessBuilder(
                  checkout().resolve("sotto").toString(),
                  "token",
                  user,
                  "--set",
                  "data-dir=" + dataDir)
              .directory(checkout().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String printed = new String(token.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (token.waitFor() != 0) {
        throw new AssertionError("./sotto token failed");
      }
      return printed.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Everything it has printed, for the message of a failing test. */
  String output() {
    return String.join("\n", output);
  }

  /** Resident memory in bytes, as the kernel counts it. */
  public long residentBytes() {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .mapToLong(kib -> Long.parseLong(kib) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // By its handle: Process.destroy would also close the pipe that its last words come through.
    process.toHandle().destroy();
    try {
      if (!process.waitFor(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("Sotto did not stop on SIGTERM; it said:\n" + output());
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(
            "Sotto exited with " + process.exitValue() + "; it said:\n" + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
