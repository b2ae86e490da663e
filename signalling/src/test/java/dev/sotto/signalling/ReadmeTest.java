package dev.sotto.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's tables whose last column is "shown by". */
final class ReadmeTest {

  private static final Pattern TABLE =
      Pattern.compile(
          "^\\|.*\\| shown by \\|\\n\\|[-|]+\\|\\n((?:\\|.*\\|\\n)+)", Pattern.MULTILINE);
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");

  @Test
  void every_row_names_tests_and_every_test_it_names_is_there() throws IOException {
    List<String> rows =
        TABLE
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .flatMap(table -> table.group(1).lines())
            .toList();
    Set<String> existing = existing();

    assertThat(rows).isNotEmpty();
    for (String row : rows) {
      String last = row.substring(row.lastIndexOf('|', row.length() - 2));
      List<String> named = TEST.matcher(last).results().map(match -> match.group(1)).toList();
      assertThat(named).as("tests of the row %s", row).isNotEmpty();
      assertThat(existing).as("tests that the row names: %s", row).containsAll(named);
    }
  }

  private static Set<String> existing() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("target", "test-classes"))) {
      return files
          .map(file -> file.getFileName().toString())
          .flatMap(name -> Pattern.compile("^(\\w+Test)\\.class$").matcher(name).results())
          .map((MatchResult match) -> match.group(1))
          .collect(Collectors.toSet());
    }
  }
}
