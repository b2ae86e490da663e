package dev.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real servers in a process of their own, from the first line to the exit status. */
@Timeout(120)
class ServerProcessTest {

  private static final Pattern READY =
      Pattern.compile("Sotto is ready: (http://127\\.0\\.0\\.1:\\d+/)");
  private static final Pattern MANAGEMENT = Pattern.compile("managementPort=(\\d+)");

  @TempDir private Path folder;

  @Test
  void runAnswersOnceItSaysSoAndDrainsOnSigterm() throws Exception {
    Process process = start("run");
    try (BufferedReader out = process.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      Matcher ready = READY.matcher(String.valueOf(out.readLine()));
      assertThat(ready.matches()).as(errors()).isTrue();

      assertThat(status(client, ready.group(1))).isEqualTo(200);
      assertThat(status(client, management() + "/health/ready")).isEqualTo(200);

      process.toHandle().destroy(); // SIGTERM; Process.destroy would close our end of its output.
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(out.readLine()).as("a second line on standard output").isNull();
    } finally {
      process.destroyForcibly();
    }
  }

  /** RFC 6120 section 4.9.3.20: who is connected is told, and holds nobody up. */
  @Test
  void whoIsSignedInIsToldOfTheShutdownAndTheExitIsClean() throws Exception {
    Process process = start("run");
    try (BufferedReader out = process.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      Matcher ready = READY.matcher(String.valueOf(out.readLine()));
      assertThat(ready.matches()).as(errors()).isTrue();
      XmppSocket alice = XmppSocket.signedIn(client, URI.create(ready.group(1)), "alice");

      process.toHandle().destroy();

      assertThat(alice.next()).contains("system-shutdown");
      assertThat(alice.next()).startsWith("<close ");
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http.port", "https.port", "xmpp.port", "turn.port", "turn.tls.port"})
  void aPortThatIsTakenIsOneLineWithItsSetting(String setting) throws Exception {
    try (java.net.ServerSocket taken =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.ofLiteral("127.0.0.1"))) {
      Process process = start("run", "--set", setting + "=" + taken.getLocalPort());

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(errors().lines().filter(line -> line.startsWith("sotto.")))
          .singleElement()
          .asString()
          .startsWith("sotto." + setting + ": ")
          .contains(String.valueOf(taken.getLocalPort()));
    }
  }

  private static int status(HttpClient client, String uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private String management() throws IOException {
    Matcher port = MANAGEMENT.matcher(errors());
    assertThat(port.find()).as(errors()).isTrue();
    return "http://127.0.0.1:" + port.group(1);
  }

  private String errors() throws IOException {
    return Files.readString(folder.resolve("stderr"));
  }

  private Process start(String... arguments) throws IOException {
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
    for (String port :
        List.of(
            "http.port",
            "https.port",
            "xmpp.port",
            "xmpp.direct-tls.port",
            "turn.port",
            "turn.tls.port",
            "management.signalling-port")) {
      if (command.stream().noneMatch(argument -> argument.startsWith(port + "="))) {
        command.addAll(List.of("--set", port + "=0"));
      }
    }
    command.addAll(List.of("--set", "data-dir=" + folder.resolve("data")));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectError(folder.resolve("stderr").toFile())
        .start();
  }
}
