package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.report.Figures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Relays under the load of one client, in turns: each has its meeting open all the time, and its
 * turn in each round. Whatever else the machine does then meets all of them alike.
 */
final class Contest {

  private static final int WARM_UP_RECEIVERS = 50;
  private static final int WARM_UP_PARTICIPANTS = 8;

  private final LoadClient client;
  private final Schedule schedule;

  /**
   * A relay with the meeting that it has, and the case that its figures, under its label, are of.
   */
  record Entry(MeetingHost host, Meeting meeting, Figures figures) {}

  Contest(LoadClient client, Schedule schedule) {
    this.client = client;
    this.schedule = schedule;
  }

  Schedule schedule() {
    return schedule;
  }

  LoadClient client() {
    return client;
  }

  /** Loads each relay until nothing is new to it. */
  void warmUp(Collection<MeetingHost> hosts) throws IOException {
    for (MeetingHost host : hosts) {
      for (Meeting meeting :
          List.of(Meeting.oneToMany(WARM_UP_RECEIVERS), Meeting.everybody(WARM_UP_PARTICIPANTS))) {
        Optional<SelfReport> selfReport = host.selfReport();
        try (MeetingHost.Joined joined = host.open(meeting, client)) {
          if (selfReport.isPresent()) {
            selfReport.get().begin();
          }
          client.run(joined.peers(), schedule.warmUp().dividedBy(2), host.process());
        }
      }
    }
  }

  /** All of these have the same meeting, and figures of one case. */
  Figures measure(String name, Meeting meeting, Collection<MeetingHost> hosts) throws IOException {
    Figures figures = new Figures(name);
    measure(hosts.stream().map(host -> new Entry(host, meeting, figures)).toList());
    return figures;
  }

  /** Adds a value for each round to the figures of each. */
  void measure(List<Entry> entries) throws IOException {
    List<MeetingHost.Joined> joined = new ArrayList<>();
    try {
      for (Entry entry : entries) {
        joined.add(entry.host.open(entry.meeting, client));
      }
      for (int round = 0; round < schedule.rounds(); round++) {
        for (int i = 0; i < joined.size(); i++) {
          takeTurn(entries.get(i), joined.get(i));
        }
      }
    } finally {
      joined.forEach(MeetingHost.Joined::close);
    }
  }

  /** A relay is asked about itself before and after the time that is counted. */
  private void takeTurn(Entry entry, MeetingHost.Joined joined) throws IOException {
    Optional<SelfReport> selfReport = entry.host.selfReport();
    if (selfReport.isPresent()) {
      selfReport.get().begin();
    }
    Delivery delivery = client.run(joined.peers(), schedule.length(), entry.host.process());
    add(entry.figures, entry.host.label(), delivery);
    if (selfReport.isPresent()) {
      selfReport.get().end(entry.figures, entry.host.label());
    }
  }

  private void add(Figures figures, String label, Delivery delivery) {
    figures.add(RelayMetric.PACKETS_PER_CPU_SECOND, label, delivery.packetsPerCpuSecond());
    figures.add(RelayMetric.LATENCY_P50, label, delivery.latencyMicros(50));
    figures.add(RelayMetric.LATENCY_P99, label, delivery.latencyMicros(99));
    figures.add(RelayMetric.LATENCY_P999, label, delivery.latencyMicros(99.9));
    figures.add(RelayMetric.LOSS, label, delivery.lossPercent());
    figures.add(RelayMetric.CLIENT, label, delivery.clientCpuPercent(schedule.length()));
  }
}
