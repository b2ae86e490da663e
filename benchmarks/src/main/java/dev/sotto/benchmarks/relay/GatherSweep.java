package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.report.Figures;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What is gained, and how much later packets come, when those of one receiver wait for each other:
 * relays that differ in {@code sotto.relay.gather-time} alone, each beside a bare forwarder that
 * gathers as long. The relay's timers add up to {@code TimerWheel}'s slot to any time, and even to
 * none.
 */
final class GatherSweep {

  private static final List<Integer> MICROS = List.of(0, 250, 500, 1000, 2000, 5000);
  private static final List<Integer> QUICK_MICROS = List.of(0, 2000);
  private static final List<Meeting> MEETINGS =
      List.of(Meeting.oneToMany(50), Meeting.everybody(8));

  /** Twelve processes, each of which has to be warm. */
  private static final Duration WARM_UP = Duration.ofSeconds(16);

  private final Contest contest;
  private final Consumer<Figures> report;

  GatherSweep(LoadClient client, Schedule schedule, Consumer<Figures> report) {
    contest = new Contest(client, schedule.withWarmUp(WARM_UP));
    this.report = report;
  }

  /** In the report, such as "1 to 50 video, gathered for 0.25 ms". */
  static String name(Meeting meeting, int micros) {
    return String.format(Locale.ROOT, "%s, gathered for %.2f ms", meeting.name(), micros / 1e3);
  }

  void run(Inet4Address media, Path folder, Predicate<String> chosen) throws IOException {
    Map<Integer, List<MeetingHost>> hosts = new LinkedHashMap<>();
    try {
      for (int micros : contest.schedule().isQuick() ? QUICK_MICROS : MICROS) {
        if (MEETINGS.stream().anyMatch(meeting -> chosen.test(name(meeting, micros)))) {
          // Before the next starts, so that what has started is ended whatever happens.
          List<MeetingHost> both = new ArrayList<>();
          hosts.put(micros, both);
          both.add(SottoRelay.start(media, folder, List.of("relay.gather-time=" + micros + "us")));
          both.add(ForwarderHost.start("forwarder", media, micros));
          contest.warmUp(both);
        }
      }
      for (Meeting meeting : MEETINGS) {
        measure(meeting, hosts, chosen);
      }
    } finally {
      hosts.values().forEach(both -> both.forEach(MeetingHost::close));
    }
  }

  private void measure(
      Meeting meeting, Map<Integer, List<MeetingHost>> hosts, Predicate<String> chosen)
      throws IOException {
    List<Figures> cases = new ArrayList<>();
    List<Contest.Entry> entries = new ArrayList<>();
    hosts.forEach((micros, both) -> {
      Figures figures = new Figures(name(meeting, micros));
      if (chosen.test(name(meeting, micros))) {
        cases.add(figures);
        both.forEach(host -> entries.add(new Contest.Entry(host, meeting, figures)));
      }
    });
    contest.measure(entries);
    cases.forEach(report);
  }
}
