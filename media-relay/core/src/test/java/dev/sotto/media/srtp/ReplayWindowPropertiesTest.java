package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReplayWindowPropertiesTest {
  private static final int PACKETS = 128;

  @Property
  void section_3_3_2_the_window_remembers_what_a_set_remembers(
      @ForAll List<@IntRange(min = -200, max = 300) Integer> steps) {
    ReplayWindow window = new ReplayWindow(PACKETS, 1000);
    Set<Long> seen = new HashSet<>(Set.of(1000L));
    long highest = 1000;
    for (int step : steps) {
      long index = Math.max(0, highest + step);
      assertThat(window.isBehind(index)).isEqualTo(index <= highest - PACKETS);
      if (!window.isBehind(index)) {
        assertThat(window.hasSeen(index)).isEqualTo(seen.contains(index));
        window.see(index);
        seen.add(index);
        highest = Math.max(highest, index);
      }
      assertThat(window.highest()).isEqualTo(highest);
    }
  }

  @Example
  void a_thousand_packets_out_of_order_are_all_taken_once() {
    ReplayWindow window = new ReplayWindow(ReplayWindow.RECEIVE_PACKETS, 5000);
    for (int back = 1; back < ReplayWindow.RECEIVE_PACKETS; back++) {
      assertThat(window.isBehind(5000 - back)).isFalse();
      assertThat(window.hasSeen(5000 - back)).isFalse();
      window.see(5000 - back);
      assertThat(window.hasSeen(5000 - back)).isTrue();
    }
    assertThat(window.isBehind(5000 - ReplayWindow.RECEIVE_PACKETS)).isTrue();
  }
}
