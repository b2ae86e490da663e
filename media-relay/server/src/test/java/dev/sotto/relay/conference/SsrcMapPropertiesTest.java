package dev.sotto.relay.conference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SsrcMapPropertiesTest {
  @Property
  void it_holds_what_a_map_holds(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int keys) {
    Random random = new Random(seed);
    boolean spread = random.nextBoolean();
    SsrcMap<String> map = new SsrcMap<>();
    Map<Integer, String> model = new HashMap<>();
    for (int step = 0; step < 500; step++) {
      // Zero, negative, consecutive and colliding ones.
      int key = spread ? random.nextInt(keys) << 27 : random.nextInt(keys) - keys / 2;
      if (random.nextInt(3) == 0) {
        map.remove(key);
        model.remove(key);
      } else {
        map.put(key, "v" + step);
        model.put(key, "v" + step);
      }
      assertThat(map.size()).isEqualTo(model.size());
      assertThat(map.find(key, "absent")).isEqualTo(model.getOrDefault(key, "absent"));
    }
    model.forEach((key, value) -> assertThat(map.get(key)).contains(value));
    List<String> all = new ArrayList<>();
    map.forEach(all::add);
    assertThat(all).containsExactlyInAnyOrderElementsOf(model.values());
  }
}
