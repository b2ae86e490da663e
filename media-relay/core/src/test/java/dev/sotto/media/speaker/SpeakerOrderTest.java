package dev.sotto.media.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Speakers are ordered by when they were dominant last")
class SpeakerOrderTest {
  private final SpeakerOrder order = new SpeakerOrder(6);

  @Test
  void who_never_spoke_comes_behind_in_the_order_of_joining() {
    join(4, 2, 0, 5);
    order.onDominant(0);
    order.onDominant(5);
    assertThat(all()).containsExactly(5, 0, 4, 2);
    assertThat(order.rank(4)).isEqualTo(2);
  }

  @Test
  void who_speaks_again_comes_to_the_front() {
    join(1, 2, 3);
    order.onDominant(3);
    order.onDominant(1);
    order.onDominant(1);
    order.onDominant(3);
    assertThat(all()).containsExactly(3, 1, 2);
  }

  @Test
  void who_leaves_is_in_no_place() {
    join(1, 2, 3);
    order.remove(2);
    order.remove(2);
    order.onDominant(2);
    assertThat(all()).containsExactly(1, 3);
    assertThat(order.rank(2)).isEqualTo(-1);
    order.add(2);
    order.add(2);
    assertThat(all()).containsExactly(1, 3, 2);
  }

  @Test
  void when_nobody_is_dominant_it_stays_as_it_is() {
    join(1, 2);
    order.onDominant(DominantSpeaker.NOBODY);
    assertThat(all()).containsExactly(1, 2);
  }

  private void join(int... speakers) {
    IntStream.of(speakers).forEach(order::add);
  }

  private List<Integer> all() {
    return IntStream.range(0, order.count()).map(order::at).boxed().toList();
  }
}
