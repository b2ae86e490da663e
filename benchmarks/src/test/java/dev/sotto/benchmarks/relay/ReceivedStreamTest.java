package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReceivedStreamTest {

  private final ReceivedStream stream = new ReceivedStream(1, Medium.VIDEO);

  @Test
  void numbers_that_are_left_out_are_gaps() {
    receive(10, 11, 14, 15);
    assertThat(stream.received()).isEqualTo(4);
    assertThat(stream.gaps()).isEqualTo(2);
  }

  @Test
  void a_late_packet_closes_its_gap() {
    receive(10, 12, 11);
    assertThat(stream.gaps()).isZero();
  }

  @Test
  void the_turn_of_the_sequence_numbers_is_no_gap() {
    receive(65534, 65535, 0, 1, 3);
    assertThat(stream.gaps()).isEqualTo(1);
  }

  @Test
  void a_run_counts_only_its_own() {
    receive(1, 5);
    stream.startRun();
    assertThat(stream.received()).isZero();
    assertThat(stream.gaps()).isZero();
    receive(6, 8);
    assertThat(stream.received()).isEqualTo(2);
    assertThat(stream.gaps()).isEqualTo(1);
  }

  @Test
  void a_stream_that_nothing_came_of_has_no_gaps() {
    stream.startRun();
    assertThat(stream.gaps()).isZero();
  }

  private void receive(int... sequenceNumbers) {
    for (int number : sequenceNumbers) {
      stream.onPacket(number, 0, 0);
    }
  }
}
