package dev.sotto.signalling.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sotto.signalling.AccountSettings;
import dev.sotto.signalling.TestServer;
import dev.sotto.signalling.auth.Accounts.Configured;
import dev.sotto.signalling.auth.ScramHash;
import dev.sotto.signalling.jid.Jid;
import dev.sotto.signalling.sasl.ScramClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What OpenSSL exports of a TLS 1.3 connection is what the server bound it by (RFC 9266). */
@Timeout(60)
final class OpensslBindingTest {

  private static final Path OPENSSL = Path.of("/usr/bin/openssl");
  private static final String PASSWORD = "correct horse";

  /** A connection whose TLS is OpenSSL's. */
  private static final class Client implements AutoCloseable {
    private final Process process;
    private final StringBuilder heard = new StringBuilder();

    Client(int port) throws IOException {
      process =
          new ProcessBuilder(
                  OPENSSL.toString(),
                  "s_client",
                  "-connect",
                  "127.0.0.1:" + port,
                  "-tls1_3",
                  "-keymatexport",
                  "EXPORTER-Channel-Binding",
                  "-keymatexportlen",
                  "32")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    }

    void say(String xml) throws IOException {
      process.getOutputStream().write((xml + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    }

    String hear(String pattern) throws IOException {
      Pattern wanted = Pattern.compile(pattern);
      InputStream in = process.getInputStream();
      byte[] chunk = new byte[4096];
      Matcher matcher = wanted.matcher(heard);
      while (!matcher.find()) {
        int count = in.read(chunk);
        if (count < 0) {
          throw new AssertionError("no " + pattern + " in " + heard);
        }
        heard.append(new String(chunk, 0, count, StandardCharsets.ISO_8859_1));
        matcher = wanted.matcher(heard);
      }
      return matcher.group(1);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void both_ends_export_the_same() throws Exception {
    assumeTrue(Files.isExecutable(OPENSSL), "needs openssl: install the package openssl");
    Configured alice =
        new Configured.WithPassword(new Jid("alice", TestServer.DOMAIN, ""), PASSWORD);
    AccountSettings settings = new AccountSettings(List.of(alice), false, false, 1, true, "salt");
    try (TestServer server = TestServer.start(settings);
        Client client = new Client(server.directTls().getPort())) {
      byte[] exported =
          HexFormat.of().parseHex(client.hear("Keying material: ([0-9A-Fa-f]{64})\\n"));
      client.say(
          "<stream:stream to='"
              + TestServer.DOMAIN
              + "' version='1.0' xmlns='jabber:client'"
              + " xmlns:stream='http://etherx.jabber.org/streams'>");
      client.hear("(</stream:features>)");
      ScramClient scram =
          new ScramClient(
              ScramHash.SHA_256, "p=tls-exporter,,", "alice", PASSWORD, "nonce", exported);

      client.say(sasl("auth mechanism='SCRAM-SHA-256-PLUS'", "auth", scram.first()));
      String challenge = client.hear("<challenge [^>]*>([^<]+)</challenge>");
      client.say(
          sasl(
              "response",
              "response",
              scram.last(
                  new String(Base64.getDecoder().decode(challenge), StandardCharsets.UTF_8))));

      String success = client.hear("<success [^>]*>([^<]+)</success>");
      assertThat(
              scram.trusts(new String(Base64.getDecoder().decode(success), StandardCharsets.UTF_8)))
          .isTrue();
    }
  }

  private static String sasl(String begin, String name, String data) {
    return "<"
        + begin
        + " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
        + Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_8))
        + "</"
        + name
        + ">";
  }
}
