package dev.sotto.signalling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A client written by others resumes its stream (XEP-0198). */
final class SlixmppResumptionTest {

  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final Path SLIXMPP = Path.of("/usr/lib/python3/dist-packages/slixmpp");
  private static final Path SCRIPT = Path.of("src/test/python/resuming.py");
  private static final long PATIENCE_SECONDS = 30;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();

  private void read(Process process) {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("its output ended: " + e.getMessage());
    }
  }

  private Map<String, Object> await(String event) throws InterruptedException, ParseException {
    while (true) {
      String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(line).as("%s after %s", event, seen).isNotNull();
      seen.add(line);
      if (line.startsWith("{")) {
        Map<String, Object> said = JSONObjectUtils.parse(line);
        if (event.equals(said.get("event"))) {
          return said;
        }
      }
    }
  }

  @Test
  void slixmpp_resumes_and_gets_what_came_meanwhile()
      throws IOException, InterruptedException, ParseException {
    assumeTrue(
        Files.isExecutable(PYTHON) && Files.isDirectory(SLIXMPP),
        "needs slixmpp: install the package python3-slixmpp");
    try (TestServer server = TestServer.start();
        TestTcpClient bob = TestTcpClient.logIn(server, "bob", "b")) {
      ProcessBuilder builder =
          new ProcessBuilder(
                  PYTHON.toString(),
                  SCRIPT.toString(),
                  "127.0.0.1",
                  Integer.toString(server.xmpp().getPort()),
                  "alice@" + TestServer.DOMAIN + "/s")
              .redirectErrorStream(true);
      builder.environment().put("SOTTO_TOKEN", TestKeys.token("alice"));
      Process process = builder.start();
      Thread.ofVirtual().start(() -> read(process));
      try (Writer writer = process.outputWriter(StandardCharsets.UTF_8)) {
        await("began");
        assertThat(await("message")).containsEntry("body", "before");
        await("lost");
        for (String body : List.of("one", "two")) {
          bob.send(
              "<message type='chat' to='alice@"
                  + TestServer.DOMAIN
                  + "'><body>"
                  + body
                  + "</body></message>");
        }
        bob.assertServed("p"); // so both have been routed

        writer.write("back\n");
        writer.flush();

        await("resumed");
        for (String body : List.of("one", "two", "after")) {
          assertThat(await("message")).containsEntry("body", body);
        }
        assertThat(seen).noneMatch(line -> line.contains("\"times\": 2"));
        assertThat(server.server().counters().resumptions()).isEqualTo(1);
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }
}
