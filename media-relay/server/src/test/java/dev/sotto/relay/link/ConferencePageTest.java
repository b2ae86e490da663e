package dev.sotto.relay.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Pages of conferences")
class ConferencePageTest {
  @Test
  void few_are_all_on_the_first() {
    assertThat(ConferencePage.of(List.of("b", "a"), ""))
        .isEqualTo(new ConferencePage(2, List.of("a", "b"), true));
  }

  @Test
  void none_is_a_page_too() {
    assertThat(ConferencePage.of(List.of(), "")).isEqualTo(new ConferencePage(0, List.of(), true));
  }

  @Test
  void as_many_as_a_relay_may_hold_are_read_page_by_page_each_within_its_bound() {
    List<String> held =
        new ArrayList<>(IntStream.range(0, 5_000).mapToObj(i -> "\"".repeat(250) + i).toList());
    Collections.shuffle(held, new Random(1));

    assertThat(readAll(held)).containsExactlyInAnyOrderElementsOf(held);
    assertThat(ConferencePage.of(held, "").total()).isEqualTo(5_000);
    assertThat(ConferencePage.of(held, "").element().toXML().length())
        .isLessThan(ConferencePage.MAX_BYTES + 200);
  }

  @Test
  void what_ends_while_they_are_read_hides_none_that_stays() {
    List<String> held = IntStream.range(0, 2_000).mapToObj("conference-%05d"::formatted).toList();
    ConferencePage first = ConferencePage.of(held, "");
    List<String> later = held.stream().filter(id -> !id.equals(first.ids().getLast())).toList();

    assertThat(ConferencePage.of(later, first.ids().getLast()).ids().getFirst())
        .isEqualTo(held.get(first.ids().size()));
  }

  private static List<String> readAll(List<String> held) {
    ConferencePage first = ConferencePage.of(held, "");
    return Stream.iterate(
            first,
            page -> !page.ids().isEmpty(),
            page -> ConferencePage.of(held, page.ids().getLast()))
        .flatMap(page -> page.ids().stream())
        .toList();
  }
}
