package dev.sotto.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

@DisplayName("The README's tables of RFC sections, of safety and of timers")
class ReadmeTest {

  /** Whatever follows the line under a heading whose last column is "test". */
  private static final Pattern TABLE =
      Pattern.compile("^\\|.*\\| test \\|\\n\\|[-|]+\\|\\n((?:\\|.*\\|\\n)+)", Pattern.MULTILINE);

  private static final Pattern TEST = Pattern.compile("`(\\w+Test\\.\\w+)`");

  @Test
  void every_row_names_tests_and_every_test_it_names_is_there() throws IOException {
    Set<String> existing = testsOf(Path.of("target", "test-classes"));
    List<String> tables =
        TABLE
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(table -> table.group(1))
            .toList();
    List<String> rows = tables.stream().flatMap(String::lines).toList();

    assertThat(tables).hasSize(3);
    assertThat(rows).hasSizeGreaterThan(40);
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
        || method.isAnnotationPresent(Property.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }
}
