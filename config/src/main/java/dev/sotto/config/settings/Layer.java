package dev.sotto.config.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.constructor.ConstructYamlNull;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Written values of one source by key: a text, or a list of texts.
 *
 * @param source what an error names: a file, an environment variable's kind, {@code --set}
 */
record Layer(String source, Map<String, Object> values) {

  /** Reads YAML as it is written: every scalar stays text, so 0123 keeps its zero. */
  static Layer ofYaml(String source, String yaml) {
    Map<String, Object> values = new LinkedHashMap<>();
    flatten(source, "", load(source, yaml), values);
    return new Layer(source, values);
  }

  /** Scalars are text, and a key without a value is null. */
  private static final class TextSchema extends FailsafeSchema {
    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
      return Map.of(Tag.NULL, new ConstructYamlNull());
    }
  }

  private static Object load(String source, String yaml) {
    LoadSettings settings =
        LoadSettings.builder().setSchema(new TextSchema()).setLabel(source).build();
    try {
      return new Load(settings).loadFromString(yaml);
    } catch (MarkedYamlEngineException e) {
      // Only place and problem: the library's own message quotes the line, which may hold a secret.
      String line = e.getProblemMark().map(mark -> " in line " + (mark.getLine() + 1)).orElse("");
      throw new SettingsException(source + " is not valid YAML" + line + ": " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new SettingsException(source + " is not valid YAML");
    }
  }

  private static void flatten(String source, String path, Object node, Map<String, Object> values) {
    switch (node) {
      case null -> {
        if (!path.isEmpty()) {
          values.put(path, "");
        }
      }
      case Map<?, ?> map ->
          map.forEach((key, value) ->
              flatten(source, path.isEmpty() ? "" + key : path + "." + key, value, values));
      case List<?> list -> {
        for (Object item : list) {
          if (!(item instanceof String)) {
            throw new SettingsException(
                path + " (" + source + "): its items must be plain values, one each");
          }
        }
        values.put(path, list);
      }
      default -> {
        if (path.isEmpty()) {
          throw new SettingsException(
              source + " must hold settings below " + SettingKey.ROOT + ":");
        }
        values.put(path, node);
      }
    }
  }

  /** A list on one line: {@code [a, b]} as in YAML, or {@code a,b}. */
  static List<String> listOf(String text) {
    if (text.startsWith("[")
        && load("a list", text) instanceof List<?> items
        && items.stream().allMatch(String.class::isInstance)) {
      return items.stream().map(String.class::cast).toList();
    }
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .collect(Collectors.toList());
  }
}
