package dev.sotto.config.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

  @Test
  void editsAreInsertionsDeletionsAndReplacements() {
    assertThat(Nearest.edits("", "abc")).isEqualTo(3);
    assertThat(Nearest.edits("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.edits("same", "same")).isZero();
  }

  @Test
  void aKeyInTheWrongSectionIsFoundByItsLastWord() {
    assertThat(Nearest.to("sotto.realm", List.of("sotto.domain", "sotto.turn.realm")))
        .isEqualTo("sotto.turn.realm");
  }
}
