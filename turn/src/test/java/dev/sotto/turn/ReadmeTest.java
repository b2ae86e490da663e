package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

@DisplayName("The README's table of RFC sections")
class ReadmeTest {
  private static final Pattern ROW = Pattern.compile("^\\| [0-9]{4}.*\\|$", Pattern.MULTILINE);
  private static final Pattern TEST = Pattern.compile("`(\\w+Test\\.\\w+)`");

  @Test
  void every_row_names_tests_and_every_test_it_names_is_there() throws IOException {
    Set<String> existing = testsOf(Path.of("target", "test-classes"));
    List<String> rows =
        ROW.matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(MatchResult::group)
            .toList();

    assertThat(rows).hasSizeGreaterThan(20);
    for (String row : rows) {
      List<String> named = TEST.matcher(row).results().map(match -> match.group(1)).toList();
      assertThat(named).as("tests of the row %s", row).isNotEmpty();
      assertThat(existing).as("tests that the row names: %s", row).containsAll(named);
    }
  }

  private static Set<String> testsOf(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .map(file -> classes.relativize(file).toString())
          .filter(name -> name.endsWith("Test.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .flatMap(ReadmeTest::testsOf)
          .collect(Collectors.toSet());
    }
  }

  private static Stream<String> testsOf(String className) {
    try {
      Class<?> type = Class.forName(className, false, ReadmeTest.class.getClassLoader());
      return Arrays.stream(type.getDeclaredMethods())
          .filter(ReadmeTest::isTest)
          .map(method -> type.getSimpleName() + "." + method.getName());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }
}
