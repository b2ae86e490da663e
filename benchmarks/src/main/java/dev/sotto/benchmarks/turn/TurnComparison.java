package dev.sotto.benchmarks.turn;

import dev.sotto.benchmarks.Machine;
import dev.sotto.benchmarks.report.Figures;
import dev.sotto.benchmarks.report.Report;
import dev.sotto.benchmarks.report.Row;
import dev.sotto.benchmarks.turn.Load.Framing;
import dev.sotto.benchmarks.turn.Load.Peers;
import dev.sotto.benchmarks.turn.Load.Transport;
import dev.sotto.benchmarks.turn.ServerUnderTest.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Sotto's TURN server, Debian's coturn and the floor, all running all the time, loaded in turns by
 * the same clients. Whatever else the machine does then meets all of them alike.
 */
@Command(
    name = "turn",
    description =
        "The TURN server beside coturn: cost, loss and delay per packet, allocations, memory.",
    mixinStandardHelpOptions = true)
public final class TurnComparison implements Callable<Integer> {

  private static final List<Kind> TURN_SERVERS = List.of(Kind.SOTTO, Kind.COTURN);
  private static final Duration LENGTH = Duration.ofSeconds(3);
  private static final Duration QUICK_LENGTH = Duration.ofSeconds(2);
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration QUICK_WARM_UP = Duration.ofSeconds(5);
  private static final int QUICK_ROUNDS = 2;
  private static final int OPENINGS_AT_ONCE = 32;

  /** Allocating is long code that runs seldom: a JVM takes some 40,000 to compile all of it. */
  private static final int ALLOCATION_WARM_UPS = 8;

  private static final int FEW_ALLOCATIONS = 1000;
  private static final int MANY_ALLOCATIONS = 5000;
  private static final int UCLIENT_PACKETS = 6000;

  @Option(names = "--quick", description = "Fewer and shorter runs, to see that it works.")
  private boolean quick;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "bench-out/turn")
  private Path out;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "How often each server has its turn. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      defaultValue = "",
      description =
          "Only the cases whose name this matches, such as 'ChannelData 160 B, 20 clients, UDP'.")
  private Pattern only;

  private final Map<Kind, ServerUnderTest> servers = new EnumMap<>(Kind.class);

  /** Framing, transport and peers of the loads that were run already. */
  private final Set<List<Enum<?>>> warm = new HashSet<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!ServerUnderTest.coturnIsInstalled() || !Uclient.isInstalled()) {
      System.err.println("The comparison needs coturn and its tools: install the package coturn.");
      return 1;
    }
    Instant startedAt = Instant.now();
    Path folder = Files.createTempDirectory("sotto-bench");
    List<Row> rows = new ArrayList<>();
    try {
      for (Kind kind : Kind.values()) {
        servers.put(kind, ServerUnderTest.start(kind, folder));
      }
      warmUp();
      for (Load load : loads()) {
        if (chosen(load.label())) {
          rows.addAll(measure(load));
        }
      }
      for (Framing framing : Framing.values()) {
        rows.addAll(measureWithUclient(framing));
      }
      rows.addAll(measureAllocations());
      rows.addAll(measureMemory(folder));
    } finally {
      servers.values().forEach(ServerUnderTest::close);
      // Half an hour of measurements is not lost when a later case fails.
      new Report("turn", Machine.commit(), Machine.describe(), startedAt, List.copyOf(rows))
          .write(out);
    }
    System.out.println("Report: " + out.resolve("report.html").toAbsolutePath());
    return 0;
  }

  private boolean chosen(String name) {
    return only.matcher(name).find();
  }

  private int rounds() {
    return quick ? QUICK_ROUNDS : rounds;
  }

  /** What all loads have in common runs compiled from the first of them on. */
  private void warmUp() {
    Duration length = (quick ? QUICK_WARM_UP : WARM_UP).dividedBy(2);
    for (Framing framing : Framing.values()) {
      Load load = new Load(Peers.OUTSIDE, framing, Transport.UDP, 160, 20, 40_000, length);
      deliver(servers.get(Kind.SOTTO), load);
      deliver(
          servers.get(Kind.SOTTO),
          new Load(Peers.CLIENTS, framing, Transport.UDP, 160, 20, 40_000, length));
      deliver(servers.get(Kind.FLOOR), load);
    }
  }

  private List<Load> loads() {
    Duration length = quick ? QUICK_LENGTH : LENGTH;
    List<Load> loads = new ArrayList<>();
    for (Framing framing : Framing.values()) {
      for (int bytes : new int[] {160, 1200}) {
        loads.add(new Load(Peers.OUTSIDE, framing, Transport.UDP, bytes, 1, 10_000, length));
        loads.add(new Load(Peers.OUTSIDE, framing, Transport.UDP, bytes, 20, 40_000, length));
        loads.add(new Load(Peers.CLIENTS, framing, Transport.UDP, bytes, 20, 40_000, length));
        if (!quick) {
          loads.add(new Load(Peers.OUTSIDE, framing, Transport.UDP, bytes, 60, 40_000, length));
          loads.add(new Load(Peers.OUTSIDE, framing, Transport.UDP, bytes, 1000, 40_000, length));
          loads.add(new Load(Peers.OUTSIDE, framing, Transport.TCP, bytes, 20, 20_000, length));
          loads.add(new Load(Peers.OUTSIDE, framing, Transport.TLS, bytes, 20, 20_000, length));
        }
      }
      loads.add(new Load(Peers.OUTSIDE, framing, Transport.UDP, 160, 20, 60_000, length));
    }
    return loads;
  }

  private List<Row> measure(Load load) {
    // Compilers need some time with each path: its first round is not kept.
    if (warm.add(List.of(load.framing(), load.transport(), load.peers()))) {
      measureOnce(new Figures("not kept"), load);
    }
    Figures figures = new Figures(load.label());
    for (int round = 0; round < rounds(); round++) {
      measureOnce(figures, load);
    }
    return show(figures);
  }

  private void measureOnce(Figures figures, Load load) {
    for (ServerUnderTest server : servers.values()) {
      // The floor knows neither streams nor its own clients as peers.
      boolean isPlain = load.transport() == Transport.UDP && load.peers() == Peers.OUTSIDE;
      if (!server.isFloor() || isPlain) {
        measure(figures, server, load);
      }
    }
  }

  private static void measure(Figures figures, ServerUnderTest server, Load load) {
    try (LoadClient client =
        new LoadClient(server, load.transport(), load.framing(), load.peers())) {
      client.open(load.clients(), OPENINGS_AT_ONCE);
      double before = server.cpuSeconds();
      Delivery delivery = client.run(load);
      double cpu = server.cpuSeconds() - before;
      figures.add(TurnMetric.CPU_PER_PACKET, server.name(), cpu * 1e6 / delivery.received());
      figures.add(TurnMetric.LOSS, server.name(), delivery.lossPercent());
      figures.add(
          TurnMetric.LATENCY_P50,
          server.name(),
          delivery.latencyNanos().getValueAtPercentile(50) / 1e3);
      figures.add(
          TurnMetric.LATENCY_P99,
          server.name(),
          delivery.latencyNanos().getValueAtPercentile(99) / 1e3);
    }
  }

  private static void deliver(ServerUnderTest server, Load load) {
    try (LoadClient client =
        new LoadClient(server, load.transport(), load.framing(), load.peers())) {
      client.open(load.clients(), OPENINGS_AT_ONCE);
      client.run(load);
    }
  }

  private List<Row> measureWithUclient(Framing framing) throws IOException, InterruptedException {
    Load load = new Load(Peers.OUTSIDE, framing, Transport.UDP, 160, 20, 40_000, LENGTH);
    String name = "turnutils_uclient, " + load.label();
    if (!chosen(name)) {
      return List.of();
    }
    Figures figures = new Figures(name);
    for (int round = 0; round < rounds(); round++) {
      for (Kind kind : TURN_SERVERS) {
        ServerUnderTest server = servers.get(kind);
        double before = server.cpuSeconds();
        Uclient.Echo echo = Uclient.run(server, framing, 160, UCLIENT_PACKETS);
        double cpu = server.cpuSeconds() - before;
        figures.add(TurnMetric.CPU_PER_PACKET, kind.label(), cpu * 1e6 / echo.relayed());
        figures.add(TurnMetric.LOSS, kind.label(), echo.lossPercent());
      }
    }
    return show(figures);
  }

  /** Over UDP, at servers that are warm: how fast allocations come. */
  private List<Row> measureAllocations() {
    String name = "allocations, UDP";
    if (!chosen(name)) {
      return List.of();
    }
    int warmUps = quick ? 1 : ALLOCATION_WARM_UPS;
    for (int round = 0; round < warmUps; round++) {
      measureAllocations(new Figures("not kept"));
    }
    Figures figures = new Figures(name);
    for (int round = 0; round < rounds(); round++) {
      measureAllocations(figures);
    }
    return show(figures);
  }

  private void measureAllocations(Figures figures) {
    for (Kind kind : TURN_SERVERS) {
      ServerUnderTest server = servers.get(kind);
      double before = server.cpuSeconds();
      try (LoadClient client =
          new LoadClient(server, Transport.UDP, Framing.CHANNEL_DATA, Peers.OUTSIDE)) {
        LoadClient.Opening opening = client.open(MANY_ALLOCATIONS, OPENINGS_AT_ONCE);
        double cpu = server.cpuSeconds() - before;
        figures.add(TurnMetric.CPU_PER_ALLOCATION, kind.label(), cpu * 1e6 / MANY_ALLOCATIONS);
        figures.add(TurnMetric.ALLOCATIONS, kind.label(), opening.perSecond());
        figures.add(
            TurnMetric.LATENCY_P99, kind.label(), opening.nanos().getValueAtPercentile(99) / 1e3);
      }
    }
  }

  /** What an allocation keeps in memory, at servers that have served nobody before. */
  private List<Row> measureMemory(Path folder) throws IOException {
    String name = "memory, UDP";
    if (!chosen(name)) {
      return List.of();
    }
    Figures figures = new Figures(name);
    for (int round = 0; round < rounds(); round++) {
      for (Kind kind : TURN_SERVERS) {
        try (ServerUnderTest fresh = ServerUnderTest.start(kind, folder)) {
          measureMemory(figures, fresh);
        }
      }
    }
    return show(figures);
  }

  private static void measureMemory(Figures figures, ServerUnderTest server) {
    Kind kind = server.kind();
    try (LoadClient client =
        new LoadClient(server, Transport.UDP, Framing.CHANNEL_DATA, Peers.OUTSIDE)) {
      client.open(FEW_ALLOCATIONS, OPENINGS_AT_ONCE);
      long heap = kind == Kind.SOTTO ? server.liveHeapBytes() : 0;
      long resident = server.residentBytes();
      double more = MANY_ALLOCATIONS - FEW_ALLOCATIONS;
      client.open(MANY_ALLOCATIONS - FEW_ALLOCATIONS, OPENINGS_AT_ONCE);
      if (kind == Kind.SOTTO) {
        figures.add(TurnMetric.LIVE_HEAP, kind.label(), (server.liveHeapBytes() - heap) / more);
      }
      figures.add(TurnMetric.MEMORY, kind.label(), (server.residentBytes() - resident) / more);
    }
  }

  private static List<Row> show(Figures figures) {
    List<Row> rows = figures.rows();
    rows.forEach(row -> System.out.println(row.toText()));
    return rows;
  }
}
