package dev.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.config.keys.DataDirectory;
import dev.sotto.config.keys.DevelopmentCertificate;
import dev.sotto.config.settings.HostName;
import dev.sotto.signalling.TlsIdentity;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
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

  private static final Pattern TURN_TLS = Pattern.compile(" tls \\[/127\\.0\\.0\\.1:(\\d+)\\]");
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final String FORMER_SECRET = "a-secret-that-both-servers-shared-before";
  private static final String NEWEST_SECRET = "a-secret-that-both-servers-share-from-now";

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
      assertThat(body(client, management() + "/metrics"))
          .contains("sotto_turn_allocations{transport=\"dtls\"} 0.0")
          .contains("sotto_turn_drops_total{reason=\"no-permission\",transport=\"udp\"} 0.0");

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
      try (XmppSocket alice = XmppSocket.signedIn(client, URI.create(ready.group(1)), "alice")) {
        process.toHandle().destroy();

        assertThat(alice.next()).contains("system-shutdown");
        assertThat(alice.next()).startsWith("<close ");
      }
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void sighupTakesUpChangedSettingsAndKeepsWhoIsThere() throws Exception {
    Path file = folder.resolve("sotto.yml");
    Files.writeString(file, "sotto: {turn: {secrets: [" + FORMER_SECRET + "]}}");
    Process process = start("run", "--config", file.toString());
    try (BufferedReader out = process.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      Matcher ready = READY.matcher(String.valueOf(out.readLine()));
      assertThat(ready.matches()).as(errors()).isTrue();
      try (XmppSocket alice = XmppSocket.signedIn(client, URI.create(ready.group(1)), "alice")) {
        assertThat(turnPasswordIsSignedWith(FORMER_SECRET, alice)).isTrue();
        TlsIdentity renewed = otherCertificate();

        Files.writeString(
            file,
            """
            sotto:
              tls: {certificate: %s, key: %s}
              turn:
                secrets: [%s, %s]
                limits: {allocations: 7}
            """
                .formatted(
                    folder.resolve("other/tls.pem"),
                    folder.resolve("other/tls.pem"),
                    NEWEST_SECRET,
                    FORMER_SECRET));
        hangUp(process);
        awaitLogged(process, "settings reloaded");
        awaitLogged(process, "sotto.turn.limits.allocations: takes effect at the next start");

        assertThat(certificateOfTurn()).isEqualTo(renewed.chain().getFirst());
        assertThat(turnPasswordIsSignedWith(NEWEST_SECRET, alice)).isTrue();

        Files.writeString(file, "sotto: {turn: {deny-peers: [everyone]}}");
        hangUp(process);
        awaitLogged(process, "settings not reloaded: sotto.turn.deny-peers");
        assertThat(turnPasswordIsSignedWith(NEWEST_SECRET, alice)).isTrue();
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private TlsIdentity otherCertificate() {
    return DevelopmentCertificate.readOrCreate(
        DataDirectory.open(folder.resolve("other")), new HostName("localhost"), Clock.systemUTC());
  }

  /** By the shell: a bare machine has no other kill. */
  private static void hangUp(Process process) throws Exception {
    Process kill = new ProcessBuilder("sh", "-c", "kill -HUP " + process.pid()).start();
    assertThat(kill.waitFor()).isZero();
  }

  private void awaitLogged(Process process, String words) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!errors().contains(words)) {
      assertThat(System.nanoTime())
          .as("%s within %s of:%n%s", words, PATIENCE, errors())
          .isLessThan(deadline);
      boolean ended = process.waitFor(50, TimeUnit.MILLISECONDS);
      assertThat(ended).as(errors()).isFalse();
    }
  }

  private Certificate certificateOfTurn() throws Exception {
    Matcher port = TURN_TLS.matcher(errors());
    assertThat(port.find()).as(errors()).isTrue();
    SSLContext anyone = SSLContext.getInstance("TLS");
    anyone.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket)
            anyone.getSocketFactory().createSocket("127.0.0.1", Integer.parseInt(port.group(1)))) {
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  /** XEP-0215: the password is the HMAC of the user name. */
  private static boolean turnPasswordIsSignedWith(String secret, XmppSocket client)
      throws Exception {
    client.say(
        "<iq xmlns='jabber:client' type='get' id='turn'>"
            + "<services xmlns='urn:xmpp:extdisco:2'/></iq>");
    String services = client.next();
    Matcher username = Pattern.compile("username=['\"]([^'\"]+)").matcher(services);
    Matcher password = Pattern.compile("password=['\"]([^'\"]+)").matcher(services);
    assertThat(username.find() && password.find()).as(services).isTrue();
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    byte[] expected = mac.doFinal(username.group(1).getBytes(StandardCharsets.UTF_8));
    return password.group(1).equals(Base64.getEncoder().encodeToString(expected));
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

  private static String body(HttpClient client, String uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
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
