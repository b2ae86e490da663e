package dev.sotto.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SsrcTablePropertiesTest {
  private static final int MOST = 20;

  @Property
  void it_holds_what_a_map_holds_up_to_its_bound(@ForAll List<Integer> ssrcs) {
    SsrcTable<String> table = new SsrcTable<>(MOST, String[]::new);
    Map<Integer, String> map = new HashMap<>();
    for (int ssrc : ssrcs) {
      assertThat(table.find(ssrc) >= 0).isEqualTo(map.containsKey(ssrc));
      if (!table.isFull() && table.find(ssrc) < 0) {
        table.put(ssrc, "state of " + ssrc);
        map.put(ssrc, "state of " + ssrc);
      }
    }
    assertThat(table.size()).isEqualTo(map.size()).isLessThanOrEqualTo(MOST);
    assertThat(table.isFull()).isEqualTo(map.size() == MOST);
    map.forEach((ssrc, state) -> assertThat(table.at(table.find(ssrc))).isEqualTo(state));
  }
}
