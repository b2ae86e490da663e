package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.Machine;
import dev.sotto.benchmarks.report.Figures;
import dev.sotto.benchmarks.report.Report;
import dev.sotto.benchmarks.report.Row;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Sotto's relay, Debian's Janus and a bare forwarder, all running all the time, loaded in turns by
 * the same client. Whatever else the machine does then meets all of them alike.
 */
@Command(
    name = "relay",
    description = "The relay beside Janus: cost, delay and loss per packet, saturation, memory.",
    mixinStandardHelpOptions = true)
public final class RelayComparison implements Callable<Integer> {

  private static final String FORWARDER = "forwarder";
  private static final String COALESCING = "forwarder, coalescing";

  /** How long the coalescing forwarder gathers, as the relay does by default. */
  private static final int GATHER_MICROS = 500;

  private static final Duration LENGTH = Duration.ofSeconds(5);
  private static final Duration QUICK_LENGTH = Duration.ofSeconds(3);
  private static final Duration WARM_UP = Duration.ofSeconds(30);
  private static final Duration QUICK_WARM_UP = Duration.ofSeconds(6);
  private static final int QUICK_ROUNDS = 2;
  private static final int WARM_UP_RECEIVERS = 50;
  private static final int FEW_ENDPOINTS = 50;
  private static final int MANY_ENDPOINTS = 200;

  @Option(names = "--quick", description = "Fewer and shorter runs, to see that it works.")
  private boolean quick;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "bench-out/relay")
  private Path out;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "How often each relay has its turn. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      defaultValue = "",
      description = "Only the cases whose name this matches, such as '1 to 50 video'.")
  private Pattern only;

  @Option(
      names = "--address",
      paramLabel = "IPV4",
      description = "Where media goes; Janus takes no loopback address. Default: the first other.")
  private Optional<Inet4Address> address;

  @Option(
      names = "--transport-feedback",
      description =
          "Offers transport-wide feedback to all relays, which then send what they believe a"
              + " path carries. Default: offered to none.")
  private boolean transportFeedback;

  private final Map<String, MeetingHost> hosts = new LinkedHashMap<>();
  private final List<Row> rows = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Optional<Inet4Address> media = address.or(RelayComparison::firstOrdinaryAddress);
    if (!JanusVideoroom.isInstalled()) {
      System.err.println("The comparison needs Janus: install the package janus.");
      return 1;
    }
    if (media.isEmpty()) {
      System.err.println(
          "Janus takes no loopback interface, and there is no other with an IPv4 address: give one"
              + " to a veth, in a network namespace if need be.");
      return 1;
    }
    Instant startedAt = Instant.now();
    Path folder = Files.createTempDirectory("sotto-bench");
    try (LoadClient client = new LoadClient(media.get(), transportFeedback)) {
      start(media.get(), folder);
      warmUp(client);
      for (Meeting meeting : meetings()) {
        measure(meeting, client);
      }
      measureNearSaturation(client);
      hosts.values().forEach(MeetingHost::close);
      hosts.clear();
      measureMemory(media.get(), folder, client);
    } finally {
      hosts.values().forEach(MeetingHost::close);
      // What was measured is not lost when a later case fails.
      new Report("relay", Machine.commit(), Machine.describe(), startedAt, List.copyOf(rows))
          .write(out);
    }
    System.out.println("Report: " + out.resolve("report.html").toAbsolutePath());
    return 0;
  }

  private static Optional<Inet4Address> firstOrdinaryAddress() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(RelayComparison::isOrdinary)
          .flatMap(NetworkInterface::inetAddresses)
          .flatMap(
              (InetAddress it) -> it instanceof Inet4Address found ? Stream.of(found) : Stream.of())
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static boolean isOrdinary(NetworkInterface network) {
    try {
      return network.isUp() && !network.isLoopback();
    } catch (IOException _) {
      return false;
    }
  }

  private void start(Inet4Address media, Path folder) throws IOException {
    hosts.put(Figures.SOTTO, SottoRelay.start(media, folder));
    hosts.put("janus", JanusVideoroom.start(media, folder));
    hosts.put(FORWARDER, ForwarderHost.start(FORWARDER, media, 0));
    hosts.put(COALESCING, ForwarderHost.start(COALESCING, media, GATHER_MICROS));
  }

  private int rounds() {
    return quick ? QUICK_ROUNDS : rounds;
  }

  private Duration length() {
    return quick ? QUICK_LENGTH : LENGTH;
  }

  private boolean chosen(String name) {
    return only.matcher(name).find();
  }

  /** Compilers need some time; Janus, which has none, gets the same load. */
  private void warmUp(LoadClient client) throws IOException {
    Duration length = (quick ? QUICK_WARM_UP : WARM_UP).dividedBy(2);
    for (MeetingHost host : hosts.values()) {
      for (Meeting meeting : List.of(Meeting.oneToMany(WARM_UP_RECEIVERS), Meeting.everybody(8))) {
        try (MeetingHost.Joined joined = host.open(meeting, client)) {
          client.run(joined.peers(), length, host.process());
        }
      }
    }
  }

  private List<Meeting> meetings() {
    List<Meeting> meetings = new ArrayList<>();
    for (int receivers : quick ? new int[] {50} : new int[] {10, 50, 100, 200, 400}) {
      meetings.add(Meeting.oneToMany(receivers));
    }
    for (int participants : quick ? new int[] {6} : new int[] {4, 8, 16, 24}) {
      meetings.add(Meeting.everybody(participants));
    }
    for (int participants : quick ? new int[] {20} : new int[] {20, 100}) {
      meetings.add(Meeting.audioOnly(participants));
    }
    return meetings;
  }

  private void measure(Meeting meeting, LoadClient client) throws IOException {
    if (!chosen(meeting.name())) {
      return;
    }
    Map<String, Meeting> same = new HashMap<>();
    hosts.keySet().forEach(label -> same.put(label, meeting));
    measure(meeting.name(), same, client);
  }

  /** Each relay has its meeting open all the time, and its turn in each round. */
  private void measure(String name, Map<String, Meeting> meetings, LoadClient client)
      throws IOException {
    Figures figures = new Figures(name);
    Map<MeetingHost, MeetingHost.Joined> joined = new LinkedHashMap<>();
    try {
      for (MeetingHost host : hosts.values()) {
        if (meetings.containsKey(host.label())) {
          joined.put(host, host.open(meetings.get(host.label()), client));
        }
      }
      for (int round = 0; round < rounds(); round++) {
        for (Map.Entry<MeetingHost, MeetingHost.Joined> turn : joined.entrySet()) {
          MeetingHost host = turn.getKey();
          Delivery delivery = client.run(turn.getValue().peers(), length(), host.process());
          add(figures, host.label(), delivery);
        }
      }
      for (Map.Entry<MeetingHost, MeetingHost.Joined> turn : joined.entrySet()) {
        if (turn.getKey().jvm().isPresent()) {
          addJvm(figures, turn.getKey(), turn.getValue(), client);
        }
      }
    } finally {
      joined.values().forEach(MeetingHost.Joined::close);
    }
    show(figures);
  }

  private void add(Figures figures, String label, Delivery delivery) {
    figures.add(RelayMetric.PACKETS_PER_CPU_SECOND, label, delivery.packetsPerCpuSecond());
    figures.add(RelayMetric.LATENCY_P50, label, delivery.latencyMicros(50));
    figures.add(RelayMetric.LATENCY_P99, label, delivery.latencyMicros(99));
    figures.add(RelayMetric.LATENCY_P999, label, delivery.latencyMicros(99.9));
    figures.add(RelayMetric.LOSS, label, delivery.lossPercent());
    double seconds = length().toMillis() / 1e3;
    figures.add(RelayMetric.CLIENT, label, 100 * delivery.clientCpuSeconds() / seconds);
  }

  /** In a run of its own, since asking a JVM takes its time. */
  private void addJvm(
      Figures figures, MeetingHost host, MeetingHost.Joined joined, LoadClient client)
      throws IOException {
    JvmFigures jvm = host.jvm().orElseThrow();
    int logged = jvm.logged();
    long allocated = jvm.allocatedBytes();
    Delivery delivery = client.run(joined.peers(), length(), host.process());
    double bytes = jvm.allocatedBytes() - allocated;
    double counted = length().toMillis();
    double packets = delivery.received() * (counted + LoadClient.LEAD_IN.toMillis()) / counted;
    figures.add(RelayMetric.ALLOCATED, host.label(), bytes / Math.max(1, packets));
    figures.add(RelayMetric.GC_PAUSE, host.label(), jvm.longestPauseMicros(logged));
  }

  /** How far each relay gets, and its delay at parts of that: equal work for none of them. */
  private void measureNearSaturation(LoadClient client) throws IOException {
    String name = "saturation, 1 to N video";
    if (quick || !chosen(name)) {
      return;
    }
    Figures figures = new Figures(name);
    Map<String, Integer> most = new HashMap<>();
    for (String label : List.of(Figures.SOTTO, "janus")) {
      int receivers = new Saturation(hosts.get(label), client).receivers();
      most.put(label, receivers);
      figures.add(RelayMetric.SATURATION, label, receivers);
    }
    show(figures);
    for (int percent : new int[] {25, 70}) {
      Map<String, Meeting> part = new HashMap<>();
      most.forEach((label, receivers) ->
          part.put(label, Meeting.oneToMany(Math.max(1, receivers * percent / 100))));
      measure("1 to N video at " + percent + " % of each one's saturation", part, client);
    }
  }

  /** What an endpoint keeps in memory, at relays that have served nobody before. */
  private void measureMemory(Inet4Address media, Path folder, LoadClient client)
      throws IOException {
    String name = "memory, 1 to N video";
    if (!chosen(name)) {
      return;
    }
    Figures figures = new Figures(name);
    for (int round = 0; round < rounds(); round++) {
      try (MeetingHost fresh = SottoRelay.start(media, folder)) {
        measureMemory(figures, fresh, client);
      }
      try (MeetingHost fresh = JanusVideoroom.start(media, folder)) {
        measureMemory(figures, fresh, client);
      }
    }
    show(figures);
  }

  private void measureMemory(Figures figures, MeetingHost host, LoadClient client)
      throws IOException {
    try (MeetingHost.Joined first = host.open(Meeting.oneToMany(FEW_ENDPOINTS), client)) {
      client.run(first.peers(), length(), host.process());
      long resident = host.process().residentBytes();
      Meeting many = Meeting.oneToMany(MANY_ENDPOINTS);
      try (MeetingHost.Joined second = host.open(many, client)) {
        client.run(second.peers(), length(), host.process());
        double more = host.process().residentBytes() - resident;
        figures.add(RelayMetric.MEMORY, host.label(), more / many.participants());
      }
    }
  }

  private void show(Figures figures) {
    List<Row> measured = figures.rows();
    measured.forEach(row -> System.out.println(row.toText()));
    rows.addAll(measured);
  }
}
