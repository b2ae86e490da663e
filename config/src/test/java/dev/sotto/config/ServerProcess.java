package dev.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Sotto in a process of its own, on free ports of 127.0.0.1, with Netty's leak detector at its
 * strictest. What it logs is in the file {@code stderr} of its folder.
 */
final class ServerProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern MANAGEMENT = Pattern.compile("managementPort=(\\d+)");
  private static final List<String> PORTS =
      List.of(
          "http.port",
          "https.port",
          "xmpp.port",
          "xmpp.direct-tls.port",
          "turn.port",
          "turn.tls.port",
          "relay.port",
          "management.signalling-port",
          "management.relay-port",
          "management.turn-port");

  private final Process process;
  private final BufferedReader out;
  private final Path log;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.out = process.inputReader();
    this.log = log;
  }

  /** Starts a command, such as {@code run}, whose files are in this folder. */
  static ServerProcess start(Path folder, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    for (String port : PORTS) {
      if (command.stream().noneMatch(argument -> argument.startsWith(port + "="))) {
        command.addAll(List.of("--set", port + "=0"));
      }
    }
    command.addAll(List.of("--set", "data-dir=" + folder.resolve("data")));
    Path log = folder.resolve("stderr");
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(log.toFile()).start();
    return new ServerProcess(process, log);
  }

  /** The next line on standard output; empty once the process has ended. */
  Optional<String> nextLine() throws IOException {
    return Optional.ofNullable(out.readLine());
  }

  /** Waits for the line that says that it is ready, which must match. */
  Matcher awaitReady(Pattern line) throws IOException {
    Matcher ready = line.matcher(nextLine().orElse("it ended"));
    assertThat(ready.matches()).as(log()).isTrue();
    return ready;
  }

  /** SIGTERM. {@link Process#destroy} would also close our end of its output. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** SIGHUP, by the shell: a bare machine has no other kill. */
  void hangUp() throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("sh", "-c", "kill -HUP " + process.pid()).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** Waits until it has ended, and returns its exit status. */
  int exitStatus() throws IOException, InterruptedException {
    assertThat(process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).as(log()).isTrue();
    return process.exitValue();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** Waits until it has logged these words. */
  void awaitLogged(String words) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!log().contains(words)) {
      assertThat(System.nanoTime() - deadline)
          .as("%s within %s of:%n%s", words, PATIENCE, log())
          .isNegative();
      boolean ended = process.waitFor(50, TimeUnit.MILLISECONDS);
      assertThat(ended && !log().contains(words)).as(log()).isFalse();
    }
  }

  /** Where TURN listens: {@code udp}, {@code tcp}, {@code tls} or {@code dtls}. */
  InetSocketAddress turnAddress(String transport) throws IOException {
    Matcher port =
        Pattern.compile(" " + transport + " \\[/127\\.0\\.0\\.1:(\\d+)\\]").matcher(log());
    assertThat(port.find()).as(log()).isTrue();
    return new InetSocketAddress(
        InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(port.group(1)));
  }

  /** The status of a management page, such as {@code /health/ready}. */
  int status(HttpClient client, String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(management(path)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** The text of a management page, such as {@code /metrics}. */
  String page(HttpClient client, String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(management(path)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Sends JSON to the management port. */
  HttpResponse<String> send(HttpClient client, String method, String path, String json)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(management(path))
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .header("Content-Type", "application/json")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Waits until a management page has these words. */
  void awaitPage(HttpClient client, String path, String words)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String page = page(client, path);
    while (!page.contains(words)) {
      assertThat(System.nanoTime() - deadline)
          .as("%s within %s in:%n%s", words, PATIENCE, page)
          .isNegative();
      assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).as(log()).isFalse();
      page = page(client, path);
    }
  }

  private URI management(String path) throws IOException {
    Matcher port = MANAGEMENT.matcher(log());
    assertThat(port.find()).as(log()).isTrue();
    return URI.create("http://127.0.0.1:" + port.group(1) + path);
  }

  /** Ends it by force, if it has not ended. */
  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    out.close();
  }
}
