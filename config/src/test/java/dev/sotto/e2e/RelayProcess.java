package dev.sotto.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** {@code ./sotto relay} in a process of its own, steered over REST as any driver would. */
final class RelayProcess implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;
  private static final String READY = "Sotto relay is ready";

  private final Process process;
  private final int managementPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<String> output;

  private RelayProcess(Process process, int managementPort, Queue<String> output) {
    this.process = process;
    this.managementPort = managementPort;
    this.output = output;
  }

  static RelayProcess start(Path dataDir, String... settings) {
    int managementPort = SottoProcess.freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                SottoProcess.checkout().resolve("sotto").toString(),
                "relay",
                "--set",
                "relay.port=0",
                "--set",
                "management.relay-port=" + managementPort,
                "--set",
                "data-dir=" + dataDir));
    for (String setting : settings) {
      command.add("--set");
      command.add(setting);
    }
    Queue<String> output = new ConcurrentLinkedQueue<>();
    CompletableFuture<Boolean> ready = new CompletableFuture<>();
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(SottoProcess.checkout().toFile())
              .redirectErrorStream(true)
              .start();
      Thread.ofVirtual().start(() -> read(process, output, ready));
      if (!ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the relay did not start; it said:\n" + String.join("\n", output));
      }
      return new RelayProcess(process, managementPort, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new AssertionError(
          "the relay did not start; it said:\n" + String.join("\n", output), e);
    }
  }

  private static void read(
      Process process, Queue<String> output, CompletableFuture<Boolean> ready) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.add(line);
        if (line.startsWith(READY)) {
          ready.complete(true);
        }
      }
    } catch (IOException e) {
      output.add("reading its output failed: " + e);
    }
    ready.complete(false);
  }

  /** Sends JSON; the answer's body. */
  String request(String method, String path, String json) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .header("Content-Type", "application/json")
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new AssertionError(
            method + " " + path + " gave " + response.statusCode() + ": " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  String get(String path) {
    return request("GET", path, "");
  }

  /** Where it is steered. */
  String url() {
    return "http://127.0.0.1:" + managementPort;
  }

  String output() {
    return String.join("\n", output);
  }

  @Override
  public void close() {
    process.toHandle().destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "the relay did not stop on SIGTERM; it said:\n" + String.join("\n", output));
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(
            "the relay exited with " + process.exitValue() + ":\n" + String.join("\n", output));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
