package dev.sotto.media.dd.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A frame dependency structure as the specification prints them, read from a table, and its bits
 * from the syntax of A.8.2.
 */
public record StructureTable(
    List<Template> templates, List<Integer> protectedBy, List<int[]> resolutions) {

  public record Template(
      int spatialId, int temporalId, List<Integer> fdiffs, List<Integer> chainDiffs, String dtis) {}

  public static StructureTable load(String name) {
    List<Template> templates = new ArrayList<>();
    List<Integer> protectedBy = List.of();
    List<int[]> resolutions = new ArrayList<>();
    for (String line : lines("/dd/" + name + ".txt")) {
      String[] words = line.split(" +");
      if (words[0].equals("protected")) {
        protectedBy = Arrays.stream(words).skip(1).map(Integer::valueOf).toList();
      } else if (words[0].equals("resolutions")) {
        Arrays.stream(words)
            .skip(1)
            .map(it -> Arrays.stream(it.split("x")).mapToInt(Integer::parseInt).toArray())
            .forEach(resolutions::add);
      } else if (!words[0].equals("#")) {
        templates.add(
            new Template(
                Integer.parseInt(words[0]),
                Integer.parseInt(words[1]),
                numbers(words[2]),
                numbers(words[3]),
                words[4]));
      }
    }
    return new StructureTable(templates, protectedBy, resolutions);
  }

  private static List<Integer> numbers(String text) {
    return text.equals("-")
        ? List.of()
        : Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }

  private static List<String> lines(String resource) {
    try (InputStream in = StructureTable.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int decodeTargets() {
    return templates.getFirst().dtis().length();
  }

  public int chains() {
    return templates.getFirst().chainDiffs().size();
  }

  /** template_dependency_structure(). */
  public String bits(int templateIdOffset) {
    Bits bits = new Bits().f(6, templateIdOffset).f(5, decodeTargets() - 1);
    for (int i = 0; i < templates.size(); i++) {
      bits.f(2, nextLayer(i));
    }
    templates.forEach(it -> bits.text(dtiBits(it.dtis())));
    for (Template template : templates) {
      template.fdiffs().forEach(it -> bits.f(1, 1).f(4, it - 1));
      bits.f(1, 0);
    }
    bits.ns(decodeTargets() + 1, chains());
    protectedBy.forEach(it -> bits.ns(chains(), it));
    templates.forEach(template -> template.chainDiffs().forEach(it -> bits.f(4, it)));
    bits.f(1, resolutions.isEmpty() ? 0 : 1);
    resolutions.forEach(it -> bits.f(16, it[0] - 1).f(16, it[1] - 1));
    return bits.toString();
  }

  private int nextLayer(int index) {
    if (index + 1 == templates.size()) {
      return 3;
    }
    Template here = templates.get(index);
    Template next = templates.get(index + 1);
    if (next.spatialId() != here.spatialId()) {
      return 2;
    }
    return next.temporalId() == here.temporalId() ? 0 : 1;
  }

  /** Two bits for each letter of table A.1. */
  public static String dtiBits(String dtis) {
    Bits bits = new Bits();
    dtis.chars().forEach(it -> bits.f(2, "-DSR".indexOf(it)));
    return bits.toString();
  }
}
