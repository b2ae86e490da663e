package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.Machine;
import dev.sotto.benchmarks.micro.MicroBenchmarks;
import dev.sotto.benchmarks.report.Figures;
import dev.sotto.benchmarks.report.Report;
import dev.sotto.benchmarks.report.Row;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Sotto's relay, Debian's Janus and bare forwarders, all running all the time, loaded in turns by
 * the same client; or relays of ours that gather for different times; or only what a packet's parts
 * cost.
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

  /** What else than a comparison may be asked for. */
  private static final class Kind {
    @Option(
        names = "--sweep",
        description =
            "How much it saves, and how much later packets come, when those of one receiver wait"
                + " for each other: 0 to 5 ms.")
    private boolean sweep;

    @Option(
        names = "--micro",
        description =
            "Nanoseconds and heap of SRTP, headers, descriptors and addresses, a packet each.")
    private boolean micro;
  }

  @ArgGroup private Kind kind = new Kind();

  @Option(names = "--quick", description = "Fewer and shorter runs, to see that it works.")
  private boolean quick;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Default: bench-out/relay, relay-sweep or relay-micro.")
  private Optional<Path> out;

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

  private final List<Row> rows = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    if (kind.micro) {
      return reported(
          "relay-micro",
          () -> new MicroBenchmarks(quick ? 1 : rounds, quick, this::show).run(only.asPredicate()));
    }
    Optional<Inet4Address> media = address.or(RelayComparison::firstOrdinaryAddress);
    if (!kind.sweep && !JanusVideoroom.isInstalled()) {
      System.err.println("The comparison needs Janus: install the package janus.");
      return 1;
    }
    if (media.isEmpty()) {
      System.err.println(
          "Janus takes no loopback interface, and there is no other with an IPv4 address: give one"
              + " to a veth, in a network namespace if need be.");
      return 1;
    }
    return kind.sweep
        ? reported("relay-sweep", () -> sweep(media.get()))
        : reported("relay", () -> compare(media.get()));
  }

  /** Measures, and adds to {@link #rows}. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /** What was measured is not lost when a later case fails. */
  private int reported(String name, Work work) throws IOException {
    Path folder = out.orElse(Path.of("bench-out", name));
    Instant startedAt = Instant.now();
    try {
      work.run();
    } finally {
      new Report(name, Machine.commit(), Machine.describe(), startedAt, List.copyOf(rows))
          .write(folder);
    }
    if (rows.isEmpty()) {
      System.err.println("No case is called " + only + ": nothing was measured.");
      return 1;
    }
    System.out.println("Report: " + folder.resolve("report.html").toAbsolutePath());
    return 0;
  }

  private void sweep(Inet4Address media) throws IOException {
    try (LoadClient client = new LoadClient(media, transportFeedback)) {
      new GatherSweep(client, schedule(), this::show)
          .run(media, Files.createTempDirectory("sotto-bench"), only.asPredicate());
    }
  }

  private Schedule schedule() {
    return quick ? Schedule.quick() : Schedule.full(rounds);
  }

  private void compare(Inet4Address media) throws IOException {
    Path folder = Files.createTempDirectory("sotto-bench");
    try (LoadClient client = new LoadClient(media, transportFeedback)) {
      Contest contest = new Contest(client, schedule());
      compareAll(contest, media, folder);
      if (only.asPredicate().test(EndpointMemory.NAME)) {
        show(
            new EndpointMemory(contest)
                .measure(
                    List.of(
                        () -> SottoRelay.start(media, folder),
                        () -> JanusVideoroom.start(media, folder))));
      }
    }
  }

  private void compareAll(Contest contest, Inet4Address media, Path folder) throws IOException {
    List<MeetingHost> hosts = new ArrayList<>();
    try {
      hosts.add(SottoRelay.start(media, folder));
      hosts.add(JanusVideoroom.start(media, folder));
      List<MeetingHost> rivals = List.copyOf(hosts);
      hosts.add(ForwarderHost.start(FORWARDER, media, 0));
      hosts.add(ForwarderHost.start(COALESCING, media, GATHER_MICROS));
      contest.warmUp(hosts);
      for (Meeting meeting : meetings()) {
        if (only.asPredicate().test(meeting.name())) {
          show(contest.measure(meeting.name(), meeting, hosts));
        }
      }
      new NearSaturation(contest, this::show).measure(rivals, hosts, only.asPredicate());
    } finally {
      hosts.forEach(MeetingHost::close);
    }
  }

  private List<Meeting> meetings() {
    List<Meeting> meetings = new ArrayList<>();
    for (int receivers : quick ? new int[] {50} : new int[] {10, 50, 200, 400}) {
      meetings.add(Meeting.oneToMany(receivers));
    }
    for (int participants : quick ? new int[] {6} : new int[] {8, 16, 24}) {
      meetings.add(Meeting.everybody(participants));
    }
    for (int participants : quick ? new int[] {20} : new int[] {20, 100}) {
      meetings.add(Meeting.audioOnly(participants));
    }
    return meetings;
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

  private void show(Figures figures) {
    show(figures.rows());
  }

  private void show(List<Row> measured) {
    measured.forEach(row -> System.out.println(row.toText()));
    rows.addAll(measured);
  }
}
