package dev.sotto.benchmarks.relay;

import dev.sotto.benchmarks.report.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What an endpoint keeps in memory: what a relay that has served some, long enough to have what it
 * needs for any, takes more of when it serves many more besides, by their number. Each value is of
 * a relay that has served nobody before.
 */
final class EndpointMemory {

  static final String NAME = "memory, 1 to N video";

  private static final int SOME = 100;
  private static final int MORE = 400;
  private static final int QUICK_SOME = 10;
  private static final int QUICK_MORE = 20;
  private static final Duration FIRST = Duration.ofSeconds(8);

  private final Contest contest;

  /** Starts a relay. */
  @FunctionalInterface
  interface Starter {
    MeetingHost start() throws IOException;
  }

  EndpointMemory(Contest contest) {
    this.contest = contest;
  }

  /** A value for each round, of all in turns. */
  Figures measure(List<Starter> relays) throws IOException {
    Figures figures = new Figures(NAME);
    for (int round = 0; round < contest.schedule().rounds(); round++) {
      for (Starter relay : relays) {
        try (MeetingHost fresh = relay.start()) {
          figures.add(RelayMetric.MEMORY, fresh.label(), bytesAnEndpoint(fresh));
        }
      }
    }
    return figures;
  }

  private double bytesAnEndpoint(MeetingHost host) throws IOException {
    boolean quick = contest.schedule().isQuick();
    Meeting some = Meeting.oneToMany(quick ? QUICK_SOME : SOME);
    Meeting more = Meeting.oneToMany(quick ? QUICK_MORE : MORE);
    Duration length = contest.schedule().length();
    LoadClient client = contest.client();
    try (MeetingHost.Joined first = host.open(some, client)) {
      client.run(first.peers(), quick ? length : FIRST, host.process());
      long before = host.process().residentBytes();
      try (MeetingHost.Joined second = host.open(more, client)) {
        client.run(second.peers(), length, host.process());
        return slope(before, host.process().residentBytes(), more.participants());
      }
    }
  }

  /** Bytes for each of those who came between the two. */
  static double slope(long bytesBefore, long bytesAfter, int endpoints) {
    return (double) (bytesAfter - bytesBefore) / endpoints;
  }
}
