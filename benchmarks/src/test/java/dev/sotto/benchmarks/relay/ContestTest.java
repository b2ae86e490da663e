package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sotto.benchmarks.report.Figures;
import dev.sotto.benchmarks.report.Row;
import dev.sotto.benchmarks.report.Spread;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two bare forwarders, one of them in the place of Sotto: real sockets, real SRTP. */
class ContestTest {

  private static final Schedule SHORT =
      new Schedule(3, Duration.ofMillis(300), Duration.ofMillis(100));

  @Test
  void each_relay_has_its_turn_in_each_round_and_a_ratio_with_the_other() throws Exception {
    Inet4Address local = Inet4Address.ofLiteral("127.0.0.1");
    try (LoadClient client = new LoadClient(local, false);
        MeetingHost first = ForwarderHost.start(Figures.SOTTO, local, 0);
        MeetingHost second = ForwarderHost.start("forwarder", local, 500)) {
      List<Row> rows =
          new Contest(client, SHORT)
              .measure("a meeting", Meeting.everybody(3), List.of(first, second))
              .rows();
      assertThat(rows)
          .extracting(Row::metric)
          .containsExactly(
              "packets-out-per-cpu-s",
              "latency-p50-us",
              "latency-p99-us",
              "latency-p999-us",
              "loss-percent",
              "load-client-cpu-percent");
      assertThat(rows).allSatisfy(row -> assertThat(row.peers()).containsOnlyKeys("forwarder"));
      Row latency = rows.get(1);
      assertThat(latency.sotto().median()).isPositive();
      assertThat(latency.ratio().get("forwarder").min()).isPositive();
    }
  }

  @Test
  void what_a_relay_says_of_itself_is_by_packet_and_by_message() {
    Figures figures = new Figures("a meeting");
    SelfReport.add(
        figures,
        Figures.SOTTO,
        new SelfReport.State(0, 1000, 100, 110, 50),
        new SelfReport.State(3, 21_000, 300, 410, 200));
    assertThat(figures.rows())
        .extracting(Row::metric, Row::sotto)
        .containsExactly(
            tuple("allocated-bytes-per-packet", new Spread(100, 100, 100)),
            tuple("packets-per-message", new Spread(2, 2, 2)));
  }

  @Test
  void a_quick_schedule_stays_one_whatever_is_asked_of_it() {
    assertThat(Schedule.quick().withWarmUp(Duration.ofHours(1)).isQuick()).isTrue();
    assertThat(Schedule.full(5).withWarmUp(Duration.ofSeconds(1)).warmUp())
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void memory_is_by_those_who_came_between() {
    assertThat(EndpointMemory.slope(1_000_000, 3_000_000, 400)).isEqualTo(5000);
  }
}
