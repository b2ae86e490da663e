package dev.sotto.media.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SegmentRunsTest {
  @Test
  void packets_of_a_frame_that_differ_by_a_byte_become_one_message() {
    assertThat(padding(1013, 1013, 1013, 1014)).containsExactly(1, 1, 1, 0);
    assertThat(padding(1025, 1025, 1026, 1026)).containsExactly(1, 1, 0, 0);
    assertThat(messages(1025, 1025, 1026, 1026)).isEqualTo(1);
  }

  @Test
  void the_last_of_a_message_may_be_shorter_and_is_left_as_it_is() {
    assertThat(padding(1083, 1083, 1067)).containsExactly(0, 0, 0);
    assertThat(padding(1083, 1083, 200)).containsExactly(0, 0, 0);
    assertThat(messages(1083, 1083, 200)).isEqualTo(1);
  }

  @Test
  void a_short_packet_is_not_blown_up_for_the_sake_of_a_long_one() {
    assertThat(padding(200, 1000, 1000)).containsExactly(0, 0, 0);
    assertThat(padding(1000, 200, 1000, 1001)).containsExactly(0, 0, 1, 0);
    assertThat(messages(200, 1000, 1000)).isEqualTo(2);
  }

  @Test
  void a_longer_one_takes_along_only_those_that_all_may_grow_so_far() {
    assertThat(padding(1000, 1010, 1020)).containsExactly(10, 0, 0);
  }

  @Property
  void padding_is_small_and_never_makes_more_messages(
      @ForAll @Size(min = 1, max = 64) int[] drawn,
      @ForAll @IntRange(min = 1, max = 200) int spread) {
    int[] lengths = Arrays.stream(drawn).map(it -> 60 + Math.floorMod(it, spread * 6)).toArray();
    int[] padding = padding(lengths);
    for (int i = 0; i < lengths.length; i++) {
      assertThat(padding[i]).isBetween(0, Math.min(16, lengths[i] / 16));
    }
    assertThat(messages(lengths)).isLessThanOrEqualTo(messagesOf(lengths));
  }

  private static int[] padding(int... lengths) {
    int[] padding = new int[lengths.length];
    Arrays.fill(padding, -1);
    SegmentRuns.pad(lengths, lengths.length, padding);
    return padding;
  }

  private static int messages(int... lengths) {
    int[] padding = padding(lengths);
    int[] padded = new int[lengths.length];
    Arrays.setAll(padded, i -> lengths[i] + padding[i]);
    return messagesOf(padded);
  }

  /** As the kernel takes them: segments of one length, the last at most that. */
  private static int messagesOf(int[] lengths) {
    int messages = 0;
    int segment = 0;
    int last = 0;
    for (int length : lengths) {
      boolean joins = messages > 0 && last == segment && length <= segment;
      if (!joins) {
        messages++;
        segment = length;
      }
      last = length;
    }
    return messages;
  }
}
