package dev.sotto.relay.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Debian's XMPP server on a loopback port of its own, with a relay, a focus and a stranger. Needs
 * the package prosody; the test is skipped with that reason where it is missing.
 */
final class Prosody implements AutoCloseable {
  static final String STRANGER = "stranger";

  private static final Path PROGRAM = Path.of("/usr/bin/prosody");
  private static final int START_SECONDS = 30;

  private final Path folder;
  private final int port;
  private Process process;

  private Prosody(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Without TLS. */
  static Prosody start(Path folder) throws IOException, InterruptedException {
    return start(folder, "modules_disabled = { 's2s', 'offline', 'tls' }");
  }

  /** With a key and a certificate, both PEM. */
  static Prosody startWithTls(Path folder, Path key, Path certificate)
      throws IOException, InterruptedException {
    return start(
        folder,
        """
        modules_disabled = { 's2s', 'offline' }
        c2s_require_encryption = true
        ssl = { key = '%s', certificate = '%s' }
        """
            .formatted(key, certificate));
  }

  private static Prosody start(Path folder, String settings)
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        Files.isExecutable(PROGRAM), "prosody is missing: install the package prosody");
    Prosody prosody = new Prosody(folder, freePort());
    prosody.configure(settings);
    prosody.start();
    return prosody;
  }

  int port() {
    return port;
  }

  /** As after a crash. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void start() throws IOException, InterruptedException {
    process =
        new ProcessBuilder(PROGRAM.toString(), "-F", "--config", folder.resolve("c.lua").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Await.until(START_SECONDS, "prosody listens: " + folder, this::listens);
  }

  /** Stops answering, with all its connections open. */
  void suspend() throws IOException, InterruptedException {
    signal("-STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("-CONT");
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", name, Long.toString(process.pid())).start();
    if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new IOException("kill " + name + " failed");
    }
  }

  private boolean listens() {
    if (!process.isAlive()) {
      throw new IllegalStateException("prosody has ended:\n" + log());
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void configure(String settings) throws IOException {
    Path accounts = Files.createDirectories(folder.resolve("data/relays%2eexample%2eorg/accounts"));
    List<String> names =
        List.of(
            Links.RELAY.getLocalpart().toString(), Links.FOCUS.getLocalpart().toString(), STRANGER);
    for (String name : names) {
      Files.writeString(
          accounts.resolve(name + ".dat"),
          "return { password = 'secret of %s' }\n".formatted(name));
    }
    Files.writeString(
        folder.resolve("c.lua"),
        """
        run_as_root = true
        daemonize = false
        pidfile = '%1$s/pid'
        data_path = '%1$s/data'
        log = { warn = '*console' }
        interfaces = { '127.0.0.1' }
        c2s_ports = { %2$d }
        modules_enabled = { 'saslauth', 'roster', 'tls', 'disco', 'ping' }
        authentication = 'internal_plain'
        c2s_require_encryption = false
        %3$s
        VirtualHost '%4$s'
        """
            .formatted(folder, port, settings, Links.RELAY.getDomain()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
