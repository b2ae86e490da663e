package dev.sotto.media.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransportSequenceTest {
  @Test
  void numbers_rise_by_one_and_wrap() {
    TransportSequence sequence = new TransportSequence(65_534);

    assertThat(sequence.assign()).isEqualTo(65_534);
    assertThat(sequence.assign()).isEqualTo(65_535);
    assertThat(sequence.assign()).isZero();
  }

  @Test
  void distances_are_the_short_way_round() {
    assertThat(TransportSequence.distance(65_535, 0)).isEqualTo(1);
    assertThat(TransportSequence.distance(0, 65_535)).isEqualTo(-1);
    assertThat(TransportSequence.distance(10, 10)).isZero();
  }
}
