package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

  private static final MetricsPage.Values PAGE =
      new MetricsPage.Values(
          List.of(
              "# HELP sotto_relay_packets_sent_total",
              "# TYPE sotto_relay_packets_sent_total counter",
              "sotto_relay_packets_sent_total{worker=\"0\"} 1.0",
              "sotto_relay_packets_sent_total{worker=\"1\"} 1.2345678E7",
              "sotto_relay_packets_sent_totals{worker=\"0\"} 100.0",
              "process_uptime_seconds 7.4"));

  @Test
  void series_of_one_name_are_added_up() {
    assertThat(PAGE.sum("sotto_relay_packets_sent_total")).isEqualTo(12_345_679);
    assertThat(PAGE.sum("process_uptime_seconds")).isEqualTo(7);
  }

  @Test
  void a_name_that_is_not_there_is_no_zero() {
    assertThatThrownBy(() -> PAGE.sum("sotto_relay_packets"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no metric is called sotto_relay_packets");
  }
}
