package dev.sotto.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaturationTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 99, 100, 101, 149, 150, 337, 500, 1200, 2999})
  void the_most_that_is_served_is_found_to_a_tenth(int capacity) {
    int found = Saturation.most(100, 3000, receivers -> receivers <= capacity);
    assertThat(found).isLessThanOrEqualTo(capacity).isGreaterThanOrEqualTo(capacity * 10 / 11 - 1);
  }

  @Test
  void nothing_is_found_where_none_is_served_and_the_limit_where_all_are() {
    assertThat(Saturation.most(100, 3000, _ -> false)).isZero();
    assertThat(Saturation.most(100, 3000, _ -> true)).isEqualTo(3000);
  }

  @Test
  void it_goes_up_by_halves_and_then_comes_closer() {
    List<Integer> tried = new ArrayList<>();
    int found =
        Saturation.most(
            100,
            3000,
            receivers -> {
              tried.add(receivers);
              return receivers <= 200;
            });
    assertThat(tried).containsExactly(100, 150, 225, 187, 206, 196);
    assertThat(found).isEqualTo(196);
  }

  @Test
  void a_part_of_it_is_never_nobody() {
    assertThat(NearSaturation.part(400, 70)).isEqualTo(280);
    assertThat(NearSaturation.part(3, 25)).isEqualTo(1);
  }
}
