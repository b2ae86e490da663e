package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class PacketIndexPropertiesTest {
  @Property
  void appendix_a_chooses_the_same_rollover_counter(
      @ForAll @LongRange(min = 1, max = 0xfffffffeL) long roc,
      @ForAll @IntRange(max = 65_535) int highest,
      @ForAll @IntRange(max = 65_535) int sequenceNumber) {
    long counter = roc;
    if (highest < 32_768) {
      if (sequenceNumber - highest > 32_768) {
        counter = roc - 1;
      }
    } else if (highest - 32_768 > sequenceNumber) {
      counter = roc + 1;
    }
    long expected = counter * 65_536 + sequenceNumber;
    long index = PacketIndex.closest(roc << 16 | highest, sequenceNumber);

    // Half way round, both neighbours are as close: the appendix prefers the same counter.
    if (Math.abs(highest - sequenceNumber) != 32_768) {
      assertThat(index).isEqualTo(expected);
    }
    assertThat(index & 0xffff).isEqualTo(sequenceNumber);
  }

  @Property
  void every_packet_within_half_a_turn_is_found_again(
      @ForAll @LongRange(min = 40_000, max = PacketIndex.LAST) long index,
      @ForAll @IntRange(min = -32_767, max = 32_767) int ahead) {
    assertThat(PacketIndex.closest(index - ahead, (int) index & 0xffff)).isEqualTo(index);
  }
}
