package dev.sotto.config.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One key that can be set, as a component of a settings record defines it.
 *
 * @param path the full key, such as {@code sotto.turn.relay-ports}
 * @param component the record component that holds its value
 */
record SettingKey(String path, RecordComponent component) {

  static final String ROOT = "sotto";

  /** Every key of {@code Settings}, in the order of its records. */
  static List<SettingKey> all() {
    List<SettingKey> keys = new ArrayList<>();
    collect(ROOT, Settings.class, keys);
    return List.copyOf(keys);
  }

  private static void collect(String path, Class<?> section, List<SettingKey> keys) {
    for (RecordComponent component : section.getRecordComponents()) {
      String child = path + "." + kebab(component.getName());
      if (isSection(component)) {
        collect(child, component.getType(), keys);
      } else {
        keys.add(new SettingKey(child, component));
      }
    }
  }

  /** Sections are the records inside {@link Settings}; other records are values. */
  static boolean isSection(RecordComponent component) {
    return component.getType().isRecord()
        && component.getType().getEnclosingClass() == Settings.class;
  }

  /** The value of a component in the record that it belongs to. */
  static Object valueOf(RecordComponent component, Object section) {
    try {
      return component.getAccessor().invoke(section);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component.getName(), e);
    }
  }

  /** Makes the section at a path from its values, in the order of its components. */
  static Object newSection(Class<?> section, String path, Object[] values) {
    Class<?>[] types =
        Arrays.stream(section.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return section.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(path, e);
    }
  }

  static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** The environment variable that sets this key: {@code SOTTO_TURN_RELAY_PORTS}. */
  String environmentVariable() {
    return path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  boolean isOptional() {
    return component.getType() == Optional.class;
  }

  boolean isList() {
    return component.getType() == List.class;
  }

  /** The type of the value itself, without {@code Optional} or {@code List} around it. */
  Class<?> valueType() {
    Type type = component.getGenericType();
    return type instanceof ParameterizedType parameterized
        ? (Class<?>) parameterized.getActualTypeArguments()[0]
        : component.getType();
  }

  boolean isSecret() {
    return valueType() == Secret.class || valueType() == UserAccount.class;
  }

  Optional<Allowed> allowed() {
    return Optional.ofNullable(component.getAnnotation(Allowed.class));
  }
}
