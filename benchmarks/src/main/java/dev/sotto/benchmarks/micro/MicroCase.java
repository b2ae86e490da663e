package dev.sotto.benchmarks.micro;

import dev.sotto.benchmarks.report.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One benchmark with one value for each of its parameters.
 *
 * @param benchmark as JMH names it: package, class and method
 * @param parameters by name; the one called {@value #IMPLEMENTATION} tells whose code runs
 */
record MicroCase(String benchmark, Map<String, String> parameters) {

  /** The parameter that a case is compared by: it is no part of the case's name. */
  static final String IMPLEMENTATION = "implementation";

  private static final String SUFFIX = "Benchmark";
  private static final String OURS = "SOTTO";

  /** All that the values make together, those of one name behind each other. */
  static List<MicroCase> of(String benchmark, Map<String, List<String>> values) {
    List<Map<String, String>> chosen = List.of(Map.of());
    Map<String, List<String>> inOrder = new LinkedHashMap<>(values);
    List<String> implementations = inOrder.remove(IMPLEMENTATION);
    if (implementations != null) {
      inOrder.put(IMPLEMENTATION, implementations);
    }
    for (Map.Entry<String, List<String>> parameter : inOrder.entrySet()) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> before : chosen) {
        for (String value : parameter.getValue()) {
          Map<String, String> one = new LinkedHashMap<>(before);
          one.put(parameter.getKey(), value);
          longer.add(one);
        }
      }
      chosen = longer;
    }
    return chosen.stream().map(one -> new MicroCase(benchmark, one)).toList();
  }

  /** In the report: the class, the method and the parameters, such as "srtp protect, 160 bytes". */
  String name() {
    String[] path = benchmark.split("\\.", -1);
    String subject = path[path.length - 2].replaceFirst(SUFFIX + "$", "");
    StringBuilder name = new StringBuilder(words(subject) + " " + words(path[path.length - 1]));
    parameters.forEach((parameter, value) -> {
      if (!parameter.equals(IMPLEMENTATION)) {
        boolean isNumber = value.chars().allMatch(Character::isDigit);
        name.append(", ").append(isNumber ? value + " " + parameter : value);
      }
    });
    return name.toString();
  }

  private static String words(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  /** Whose column of the report it fills. */
  String server() {
    String implementation = parameters.getOrDefault(IMPLEMENTATION, OURS);
    return implementation.equals(OURS)
        ? Figures.SOTTO
        : implementation.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
