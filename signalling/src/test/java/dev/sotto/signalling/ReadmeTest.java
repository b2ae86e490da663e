package dev.sotto.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README claims nothing that no test shows. */
final class ReadmeTest {

  /** What follows the line under a heading whose last column is "test" or "shown by". */
  private static final Pattern TABLE =
      Pattern.compile(
          "^\\|.*\\| (?:test|shown by) \\|\\n\\|[-|]+\\|\\n((?:\\|.*\\|\\n)+)", Pattern.MULTILINE);

  private static final Pattern NAME = Pattern.compile("`(\\w+Test(?:\\.\\w+)?)`");
  private static final Pattern METHOD = Pattern.compile("void (\\w+)\\(");

  @Test
  void every_row_names_tests_and_every_test_it_names_is_there() throws IOException {
    Set<String> existing = tests();
    List<String> rows =
        TABLE
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .flatMap(table -> table.group(1).lines())
            .toList();

    assertThat(rows).isNotEmpty();
    for (String row : rows) {
      List<String> named = NAME.matcher(row).results().map(match -> match.group(1)).toList();
      assertThat(named).as("tests of the row %s", row).isNotEmpty();
      assertThat(existing).as("tests that the row names: %s", row).containsAll(named);
    }
  }

  private static Set<String> tests() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .filter(file -> file.toString().endsWith("Test.java"))
          .flatMap(ReadmeTest::methodsOf)
          .collect(Collectors.toSet());
    }
  }

  private static Stream<String> methodsOf(Path file) {
    String name = file.getFileName().toString().replace(".java", "");
    try {
      return Stream.concat(
          Stream.of(name),
          METHOD
              .matcher(Files.readString(file))
              .results()
              .map((MatchResult match) -> name + "." + match.group(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
