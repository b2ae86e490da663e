package dev.sotto.signalling.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sotto.signalling.AccountSettings;
import dev.sotto.signalling.TestKeys;
import dev.sotto.signalling.TestServer;
import dev.sotto.signalling.auth.Accounts.Configured;
import dev.sotto.signalling.jid.Jid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * slixmpp over STARTTLS. It binds channels by tls-unique only, which TLS 1.3 does not have, and
 * then tells servers that it believes they cannot bind: RFC 5802 has us refuse that.
 */
final class SlixmppLoginTest {

  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final String PASSWORD = "p\u00E4ssword, with =signs";

  @BeforeAll
  static void find() {
    assumeTrue(
        Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/slixmpp")),
        "needs slixmpp: install the package python3-slixmpp");
  }

  private static TestServer server(boolean channelBinding) {
    Configured alice =
        new Configured.WithPassword(new Jid("alice", TestServer.DOMAIN, ""), PASSWORD);
    return TestServer.start(
        new AccountSettings(List.of(alice), false, false, 1, channelBinding, "salt"));
  }

  private static List<String> logIn(TestServer server, String password, Optional<String> mechanism)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                PYTHON.toString(),
                "src/test/python/login.py",
                "--server",
                "127.0.0.1:" + server.xmpp().getPort(),
                "--jid",
                "alice@" + TestServer.DOMAIN));
    mechanism.ifPresent(name -> command.addAll(List.of("--mechanism", name)));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("SOTTO_PASSWORD", password);
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      process.onExit().orTimeout(60, TimeUnit.SECONDS);
      return output.readAllLines();
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"})
  void logs_in_by_password(String mechanism) throws Exception {
    try (TestServer server = server(false)) {
      assertThat(logIn(server, PASSWORD, Optional.of(mechanism)))
          .containsExactly("online " + mechanism);
    }
  }

  @Test
  void takes_the_best_mechanism_by_itself() throws Exception {
    try (TestServer server = server(false)) {
      assertThat(logIn(server, PASSWORD, Optional.empty())).containsExactly("online SCRAM-SHA-256");
    }
  }

  @Test
  void finds_a_way_in_although_it_cannot_bind_and_must_not_pretend_to() throws Exception {
    try (TestServer server = server(true)) {
      assertThat(logIn(server, PASSWORD, Optional.empty())).last().isEqualTo("online PLAIN");
    }
  }

  @Test
  void logs_in_by_token() throws Exception {
    try (TestServer server = TestServer.start()) {
      assertThat(logIn(server, TestKeys.token("alice"), Optional.empty()))
          .containsExactly("online PLAIN");
    }
  }

  @Test
  void is_refused_with_another_password() throws Exception {
    try (TestServer server = server(false)) {
      assertThat(logIn(server, "wrong", Optional.of("SCRAM-SHA-256")))
          .containsExactly("refused SCRAM-SHA-256 not-authorized", "failed");
    }
  }
}
