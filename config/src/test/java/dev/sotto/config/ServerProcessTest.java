package dev.sotto.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.config.keys.DataDirectory;
import dev.sotto.config.keys.DevelopmentCertificate;
import dev.sotto.config.settings.HostName;
import dev.sotto.signalling.TlsIdentity;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Clock;
import java.util.Base64;
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
  private static final String FORMER_SECRET = "a-secret-that-both-servers-shared-before";
  private static final String NEWEST_SECRET = "a-secret-that-both-servers-share-from-now";

  @TempDir private Path folder;

  @Test
  void runAnswersOnceItSaysSoAndDrainsOnSigterm() throws Exception {
    try (ServerProcess process = ServerProcess.start(folder, "run");
        HttpClient client = HttpClient.newHttpClient()) {
      Matcher ready = process.awaitReady(READY);

      assertThat(status(client, ready.group(1))).isEqualTo(200);
      assertThat(process.status(client, "/health/ready")).isEqualTo(200);
      assertThat(process.page(client, "/metrics"))
          .contains("sotto_turn_allocations{transport=\"dtls\"} 0.0")
          .contains("sotto_turn_drops_total{reason=\"no-permission\",transport=\"udp\"} 0.0");

      process.terminate();
      assertThat(process.exitStatus()).isZero();
      assertThat(process.nextLine()).as("a second line on standard output").isEmpty();
    }
  }

  /** RFC 6120 section 4.9.3.20: who is connected is told, and holds nobody up. */
  @Test
  void whoIsSignedInIsToldOfTheShutdownAndTheExitIsClean() throws Exception {
    try (ServerProcess process = ServerProcess.start(folder, "run");
        HttpClient client = HttpClient.newHttpClient()) {
      Matcher ready = process.awaitReady(READY);
      try (XmppSocket alice = XmppSocket.signedIn(client, URI.create(ready.group(1)), "alice")) {
        process.terminate();

        assertThat(alice.next()).contains("system-shutdown");
        assertThat(alice.next()).startsWith("<close ");
      }
      assertThat(process.exitStatus()).isZero();
    }
  }

  @Test
  void sighupTakesUpChangedSettingsAndKeepsWhoIsThere() throws Exception {
    Path file = folder.resolve("sotto.yml");
    Files.writeString(file, "sotto: {turn: {secrets: [" + FORMER_SECRET + "]}}");
    try (ServerProcess process = ServerProcess.start(folder, "run", "--config", file.toString());
        HttpClient client = HttpClient.newHttpClient()) {
      Matcher ready = process.awaitReady(READY);
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
        process.hangUp();
        process.awaitLogged("settings reloaded");
        process.awaitLogged("sotto.turn.limits.allocations: takes effect at the next start");

        assertThat(certificateOfTurn(process)).isEqualTo(renewed.chain().getFirst());
        assertThat(turnPasswordIsSignedWith(NEWEST_SECRET, alice)).isTrue();

        Files.writeString(file, "sotto: {turn: {deny-peers: [everyone]}}");
        process.hangUp();
        process.awaitLogged("settings not reloaded: sotto.turn.deny-peers");
        assertThat(turnPasswordIsSignedWith(NEWEST_SECRET, alice)).isTrue();
      }
    }
  }

  private TlsIdentity otherCertificate() {
    return DevelopmentCertificate.readOrCreate(
        DataDirectory.open(folder.resolve("other")), new HostName("localhost"), Clock.systemUTC());
  }

  private static Certificate certificateOfTurn(ServerProcess process) throws Exception {
    InetSocketAddress turn = process.turnAddress("tls");
    SSLContext anyone = SSLContext.getInstance("TLS");
    anyone.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket) anyone.getSocketFactory().createSocket(turn.getAddress(), turn.getPort())) {
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
      try (ServerProcess process =
          ServerProcess.start(folder, "run", "--set", setting + "=" + taken.getLocalPort())) {
        assertThat(process.exitStatus()).isEqualTo(1);
        assertThat(process.log().lines().filter(line -> line.startsWith("sotto.")))
            .singleElement()
            .asString()
            .startsWith("sotto." + setting + ": ")
            .contains(String.valueOf(taken.getLocalPort()));
      }
    }
  }

  @Test
  void aMediaPortThatIsTakenIsOneLineWithItsSetting() throws Exception {
    try (java.net.DatagramSocket taken =
            new java.net.DatagramSocket(0, java.net.InetAddress.ofLiteral("127.0.0.1"));
        ServerProcess process =
            ServerProcess.start(folder, "relay", "--set", "relay.port=" + taken.getLocalPort())) {
      assertThat(process.exitStatus()).isEqualTo(1);
      assertThat(process.log().lines().filter(line -> line.startsWith("sotto.")))
          .singleElement()
          .asString()
          .startsWith("sotto.relay.port: ")
          .contains(String.valueOf(taken.getLocalPort()));
    }
  }

  private static int status(HttpClient client, String uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
