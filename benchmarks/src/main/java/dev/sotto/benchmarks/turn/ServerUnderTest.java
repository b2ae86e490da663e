package dev.sotto.benchmarks.turn;

import dev.sotto.benchmarks.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server in a process of its own, whose processor time and memory the kernel counts. */
final class ServerUnderTest implements AutoCloseable {

  private static final Path COTURN = Path.of("/usr/bin/turnserver");
  private static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors();

  /** Which program it is. */
  enum Kind {
    SOTTO("sotto"),
    COTURN("coturn"),
    FLOOR("floor");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** Its name in the report. */
    String label() {
      return label;
    }
  }

  private final Kind kind;
  private final Process process;
  private final ServerProcess figures;
  private final int port;
  private final int tlsPort;

  private ServerUnderTest(Kind kind, Process process, int port, int tlsPort) {
    this.kind = kind;
    this.process = process;
    this.figures = new ServerProcess(kind.label, process);
    this.port = port;
    this.tlsPort = tlsPort;
  }

  /** Whether Debian's coturn is installed. */
  static boolean coturnIsInstalled() {
    return Files.isExecutable(COTURN);
  }

  static ServerUnderTest start(Kind kind, Path folder) throws IOException {
    return switch (kind) {
      case SOTTO -> sotto(folder);
      case COTURN -> coturn(folder);
      case FLOOR -> floor();
    };
  }

  /** As its users start it, with what coturn's client needs. */
  private static ServerUnderTest sotto(Path folder) throws IOException {
    int port = freePort();
    int tlsPort = freePort();
    List<String> command = new ArrayList<>(List.of("./sotto", "turn"));
    for (String setting :
        List.of(
            "turn.port=" + port,
            "turn.tls.port=" + tlsPort,
            "turn.realm=" + Account.BENCH.realm(),
            "turn.users=" + Account.BENCH.user() + ":" + Account.BENCH.password(),
            "turn.allow-peers=127.0.0.1/32",
            "turn.channel-numbers=rfc5766",
            "turn.limits.allocations-per-user=10000", // all clients are one user
            "turn.limits.permissions-per-user=100000",
            "turn.limits.unauthenticated-responses-per-second=0", // all clients share an address
            "management.turn-port=0",
            "data-dir=" + folder.resolve("sotto"))) {
      command.addAll(List.of("--set", setting));
    }
    Process process = quiet(command).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null || !line.contains("ready")) {
      throw new IllegalStateException("./sotto turn did not start: " + line);
    }
    return new ServerUnderTest(Kind.SOTTO, process, port, tlsPort);
  }

  private static ServerUnderTest coturn(Path folder) throws IOException {
    int port = freePort();
    int tlsPort = freePort();
    // Certificate and key in one file; Sotto has made it by now.
    Path identity = folder.resolve("sotto/tls.pem");
    Process process =
        quiet(
                List.of(
                    COTURN.toString(),
                    "-n",
                    "--no-cli",
                    "--lt-cred-mech",
                    "--user=" + Account.BENCH.user() + ":" + Account.BENCH.password(),
                    "--realm=" + Account.BENCH.realm(),
                    "--listening-ip=127.0.0.1",
                    "--relay-ip=127.0.0.1",
                    "--listening-port=" + port,
                    "--tls-listening-port=" + tlsPort,
                    "--cert=" + identity,
                    "--pkey=" + identity,
                    "--allow-loopback-peers",
                    "--relay-threads=" + EVENT_LOOPS,
                    "--min-port=49152",
                    "--max-port=65535",
                    "--no-software-attribute",
                    "--pidfile=" + folder.resolve("coturn.pid"),
                    "--userdb=" + folder.resolve("coturn.db"),
                    "--log-file=stdout",
                    "--simple-log"))
            .redirectOutput(folder.resolve("coturn.log").toFile())
            .start();
    ServerUnderTest server = new ServerUnderTest(Kind.COTURN, process, port, tlsPort);
    BindingProbe.awaitAnswer(server.address(Load.Transport.UDP));
    return server;
  }

  private static ServerUnderTest floor() throws IOException {
    Process process = ServerProcess.java(Floor.class, Integer.toString(EVENT_LOOPS)).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    return new ServerUnderTest(Kind.FLOOR, process, Integer.parseInt(out.readLine()), 0);
  }

  private static ProcessBuilder quiet(List<String> command) {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String name() {
    return kind.label;
  }

  Kind kind() {
    return kind;
  }

  boolean isFloor() {
    return kind == Kind.FLOOR;
  }

  InetSocketAddress address(Load.Transport transport) {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), transport == Load.Transport.TLS ? tlsPort : port);
  }

  /** Processor seconds that it has used, the kernel's work for it included. */
  double cpuSeconds() {
    return figures.cpuSeconds();
  }

  long residentBytes() {
    return figures.residentBytes();
  }

  /** What the JVM's heap holds alive, after a collection; only for a server on a JVM. */
  long liveHeapBytes() {
    try {
      Process histogram =
          quiet(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                      Long.toString(process.pid()),
                      "GC.class_histogram"))
              .start();
      String total =
          histogram
              .inputReader()
              .lines()
              .filter(line -> line.startsWith("Total"))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("jcmd showed no histogram"));
      return Long.parseLong(total.trim().split(" +", -1)[2]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    figures.close();
  }
}
