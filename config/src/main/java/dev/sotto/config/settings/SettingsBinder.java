package dev.sotto.config.settings;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Fills the records of {@link Settings} from layers of written values; the last layer wins. */
final class SettingsBinder {

  private final List<Layer> layers;

  private final Path home;

  /**
   * @param home where relative file names count from
   */
  SettingsBinder(List<Layer> layers, Path home) {
    this.layers = layers;
    this.home = home;
  }

  Settings bind() {
    return (Settings) bindSection(SettingKey.ROOT, Settings.class);
  }

  private Object bindSection(String path, Class<?> section) {
    RecordComponent[] components = section.getRecordComponents();
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String child = path + "." + SettingKey.kebab(components[i].getName());
      arguments[i] =
          SettingKey.isSection(components[i])
              ? bindSection(child, components[i].getType())
              : bindValue(new SettingKey(child, components[i]));
    }
    return SettingKey.newSection(section, path, arguments);
  }

  private Object bindValue(SettingKey key) {
    Layer layer =
        layers.reversed().stream()
            .filter(candidate -> candidate.values().containsKey(key.path()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no default for " + key.path()));
    Object written = layer.values().get(key.path());
    if (key.isList()) {
      List<?> items = written instanceof List<?> list ? list : Layer.listOf((String) written);
      return items.stream().map(item -> read(key, layer, (String) item)).toList();
    }
    if (written instanceof List<?>) {
      throw refused(key, layer, "a list");
    }
    String text = (String) written;
    if (key.isOptional()) {
      return text.isEmpty() ? Optional.empty() : Optional.of(read(key, layer, text));
    }
    return read(key, layer, text);
  }

  private Object read(SettingKey key, Layer layer, String text) {
    Object value;
    try {
      value = SettingValue.parse(key.valueType(), text, home);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw refused(key, layer, text);
    }
    if (key.allowed().filter(bounds -> !SettingValue.within(bounds, value)).isPresent()) {
      throw refused(key, layer, text);
    }
    return value;
  }

  private static SettingsException refused(SettingKey key, Layer layer, String text) {
    String shown = key.isSecret() ? "this value (not shown)" : "\"" + oneLine(text) + "\"";
    return new SettingsException(
        "%s (%s): %s is not allowed; it takes %s"
            .formatted(
                key.path(),
                layer.source(),
                shown,
                SettingValue.allowed(key.valueType(), key.allowed())));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
