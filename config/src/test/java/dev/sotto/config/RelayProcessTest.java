package dev.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code sotto relay} in a process of its own, stopped and reloaded while conferences are held. */
@Timeout(180)
class RelayProcessTest {

  private static final Pattern READY =
      Pattern.compile("Sotto relay is ready: udp://127\\.0\\.0\\.1:\\d+");
  private static final String CONFERENCES = "/colibri/v2/conferences";
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  @TempDir private Path folder;

  @Test
  void sigtermTurnsNewConferencesAwayAndWaitsForTheLastToEnd() throws Exception {
    try (ServerProcess process = start("drain-timeout=10m");
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(create(process, client, "held").statusCode()).isEqualTo(OK);

      process.terminate();
      process.awaitPage(client, "/health/ready", "draining");

      HttpResponse<String> refused = create(process, client, "late");
      assertThat(refused.statusCode()).isEqualTo(UNAVAILABLE);
      assertThat(refused.body()).contains("graceful_shutdown", "use another");
      assertThat(process.status(client, "/health/ready")).isEqualTo(UNAVAILABLE);
      assertThat(process.page(client, "/debug/conferences")).contains("held");
      assertThat(
              process
                  .send(
                      client, "PATCH", CONFERENCES + "/held", "{\"endpoints\": [" + member() + "]}")
                  .statusCode())
          .isEqualTo(OK);

      assertThat(
              process
                  .send(client, "PATCH", CONFERENCES + "/held", "{\"expire\": true}")
                  .statusCode())
          .isEqualTo(OK);
      assertThat(process.exitStatus()).isZero();
    }
  }

  private static String member() {
    return "{\"id\": \"alice\", \"create\": true, \"transport\": {\"ice-controlling\": false}}";
  }

  @Test
  void sigtermEndsConferencesThatAreLeftAtTheDrainDeadline() throws Exception {
    try (ServerProcess process = start("drain-timeout=2s");
        HttpClient client = HttpClient.newHttpClient()) {
      create(process, client, "held");

      process.terminate();

      assertThat(process.exitStatus()).isZero();
      assertThat(process.log()).contains("Stopping with 1 conferences, after PT2S");
    }
  }

  @Test
  void sigtermEndsARelayWithoutConferencesAtOnce() throws Exception {
    try (ServerProcess process = start("drain-timeout=10m")) {
      process.terminate();

      assertThat(process.exitStatus()).isZero();
    }
  }

  @Test
  void sighupKeepsConferencesThatAreHeld() throws Exception {
    Path file = folder.resolve("sotto.yml");
    Files.writeString(file, "sotto: {log: {level: info}}");
    try (ServerProcess process = ServerProcess.start(folder, "relay", "--config", file.toString());
        HttpClient client = HttpClient.newHttpClient()) {
      process.awaitReady(READY);
      create(process, client, "held");

      Files.writeString(file, "sotto: {log: {level: debug}}");
      process.hangUp();
      process.awaitLogged("settings reloaded");

      assertThat(process.page(client, "/debug/conferences")).contains("held");
      assertThat(process.page(client, "/metrics")).contains("sotto_relay_conferences 1");
    }
  }

  @Test
  void aPortThatIsTakenIsNamedInOneLineAndTheExitStatusIsOne() throws Exception {
    try (java.net.DatagramSocket taken =
            new java.net.DatagramSocket(0, java.net.InetAddress.ofLiteral("127.0.0.1"));
        ServerProcess process =
            ServerProcess.start(folder, "relay", "--set", "relay.port=" + taken.getLocalPort())) {
      assertThat(process.exitStatus()).isEqualTo(1);
      assertThat(process.log()).contains(Integer.toString(taken.getLocalPort()));
      assertThat(process.nextLine()).isEmpty();
    }
  }

  private ServerProcess start(String... settings) throws Exception {
    String[] arguments = new String[1 + 2 * settings.length];
    arguments[0] = "relay";
    for (int i = 0; i < settings.length; i++) {
      arguments[1 + 2 * i] = "--set";
      arguments[2 + 2 * i] = settings[i];
    }
    ServerProcess process = ServerProcess.start(folder, arguments);
    process.awaitReady(READY);
    return process;
  }

  private static HttpResponse<String> create(ServerProcess process, HttpClient client, String id)
      throws Exception {
    return process.send(
        client, "POST", CONFERENCES, "{\"meeting-id\": \"" + id + "\", \"create\": true}");
  }
}
