package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.report.Figures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How far each relay gets, and its delay at parts of that: at a part of what each one can do, which
 * is equal strain, and at that part of what the lesser one can do, which is equal work.
 */
final class NearSaturation {

  private static final String SATURATION = "saturation, 1 to N video";
  private static final List<Integer> PERCENTS = List.of(25, 70);

  private final Contest contest;
  private final Consumer<Figures> report;

  NearSaturation(Contest contest, Consumer<Figures> report) {
    this.contest = contest;
    this.report = report;
  }

  private static String ownLoad(int percent) {
    return "1 to N video at " + percent + " % of each one's saturation";
  }

  private static String equalLoad(int percent) {
    return "1 to N video at " + percent + " % of the lower saturation";
  }

  /** So many receivers, at least one. */
  static int part(int receivers, int percent) {
    return Math.max(1, receivers * percent / 100);
  }

  /**
   * @param rivals whose saturation is looked for
   * @param all of which also have the equal work
   */
  void measure(
      Collection<MeetingHost> rivals, Collection<MeetingHost> all, Predicate<String> chosen)
      throws IOException {
    Stream<String> names =
        PERCENTS.stream().flatMap(percent -> Stream.of(ownLoad(percent), equalLoad(percent)));
    if (Stream.concat(Stream.of(SATURATION), names).noneMatch(chosen)) {
      return;
    }
    Map<MeetingHost, Integer> most = saturations(rivals);
    int least = most.values().stream().mapToInt(Integer::intValue).min().orElse(1);
    for (int percent : PERCENTS) {
      if (chosen.test(ownLoad(percent))) {
        Map<MeetingHost, Integer> parts = new LinkedHashMap<>();
        most.forEach((host, receivers) -> parts.put(host, part(receivers, percent)));
        measure(ownLoad(percent), parts);
      }
      if (chosen.test(equalLoad(percent))) {
        Map<MeetingHost, Integer> parts = new LinkedHashMap<>();
        all.forEach(host -> parts.put(host, part(least, percent)));
        measure(equalLoad(percent), parts);
      }
    }
  }

  private Map<MeetingHost, Integer> saturations(Collection<MeetingHost> rivals) {
    Figures figures = new Figures(SATURATION);
    Map<MeetingHost, Integer> most = new LinkedHashMap<>();
    for (MeetingHost host : rivals) {
      Saturation saturation = new Saturation(host, contest.client(), contest.schedule().isQuick());
      most.put(host, saturation.measure(figures));
    }
    report.accept(figures);
    return most;
  }

  private void measure(String name, Map<MeetingHost, Integer> receivers) throws IOException {
    Figures figures = new Figures(name);
    List<Contest.Entry> entries = new ArrayList<>();
    receivers.forEach((host, count) -> {
      figures.add(RelayMetric.RECEIVERS, host.label(), count);
      entries.add(new Contest.Entry(host, Meeting.oneToMany(count), figures));
    });
    contest.measure(entries);
    report.accept(figures);
  }
}
