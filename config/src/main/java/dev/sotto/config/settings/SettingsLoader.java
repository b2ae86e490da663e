package dev.sotto.config.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Collects settings from their sources, later ones over earlier: the packed defaults, a file, the
 * environment, {@code --set}. Keys and values are checked strictly; a {@link SettingsException}
 * names the first that is wrong.
 */
public final class SettingsLoader {

  /** Where an operator's file is looked for when none is named. */
  static final Path DEFAULT_FILE = Path.of("config", "sotto.yml");

  private static final String DEFAULTS = "/dev/sotto/config/sotto.yml";
  private static final String ENVIRONMENT_PREFIX = "SOTTO_";

  /** Read by the launcher, not settings. */
  private static final Set<String> LAUNCHER_VARIABLES =
      Set.of("SOTTO_JAVA_HOME", "SOTTO_JAVA_OPTS", "SOTTO_JVM_ROOT");

  private final Map<String, SettingKey> keys =
      SettingKey.all().stream()
          .collect(
              Collectors.toMap(
                  SettingKey::path, Function.identity(), (a, b) -> a, LinkedHashMap::new));
  private final List<Layer> layers = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private final Path home;

  /** Relative file names count from the current folder. */
  public SettingsLoader() {
    this(Path.of(""));
  }

  /**
   * @param home the folder that relative file names count from, whichever the current one is
   */
  public SettingsLoader(Path home) {
    this.home = home;
    layers.add(Layer.ofYaml("sotto.yml in the jar", packedDefaults()));
  }

  static String packedDefaults() {
    try (InputStream in = SettingsLoader.class.getResourceAsStream(DEFAULTS)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a file. One that was asked for by name must be there; the default one may be missing. */
  public SettingsLoader file(Optional<Path> named) {
    Path file = named.orElseGet(() -> home.resolve(DEFAULT_FILE));
    if (named.isEmpty() && !Files.exists(file)) {
      return this;
    }
    try {
      layers.add(Layer.ofYaml(file.toString(), Files.readString(file)));
    } catch (IOException e) {
      throw new SettingsException("--config " + file + ": cannot be read; name a readable file");
    }
    return this;
  }

  /**
   * Adds environment variables. Unknown ones are only warned about: orchestrators inject variables
   * such as {@code SOTTO_SERVICE_HOST} for a service of that name.
   */
  public SettingsLoader environment(Map<String, String> environment) {
    Map<String, String> byVariable =
        keys.values().stream()
            .collect(Collectors.toMap(SettingKey::environmentVariable, SettingKey::path));
    Map<String, Object> values = new LinkedHashMap<>();
    environment.forEach((variable, value) -> {
      String key = byVariable.get(variable);
      if (key != null) {
        values.put(key, value);
      } else if (variable.startsWith(ENVIRONMENT_PREFIX)
          && !LAUNCHER_VARIABLES.contains(variable)) {
        warnings.add(
            "environment variable "
                + variable
                + " sets nothing; the nearest is "
                + Nearest.to(variable, byVariable.keySet()));
      }
    });
    layers.add(new Layer("environment", values));
    return this;
  }

  /** Adds {@code key=value} pairs in order; {@code sotto.} before the key may be left out. */
  public SettingsLoader assignments(List<String> assignments) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new SettingsException("--set " + assignment + ": must be key=value");
      }
      String key = assignment.substring(0, equals).strip();
      values.put(
          key.startsWith(SettingKey.ROOT + ".") ? key : SettingKey.ROOT + "." + key,
          assignment.substring(equals + 1).strip());
    }
    layers.add(new Layer("--set", values));
    return this;
  }

  /** What was odd but is no error, for the log. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Binds and checks what was collected. */
  public Settings load() {
    layers.forEach(this::checkKeys);
    Settings settings = new SettingsBinder(layers, home).bind();
    SettingsRules.check(settings);
    if (settings.publicAddress().isPresent() && settings.tls().certificate().isEmpty()) {
      warnings.add(
          "sotto.tls.certificate is empty: browsers and apps refuse the certificate that Sotto"
              + " generates; set it and sotto.tls.key, or put a TLS proxy in front");
    }
    return settings;
  }

  private void checkKeys(Layer layer) {
    for (Map.Entry<String, Object> entry : layer.values().entrySet()) {
      String key = entry.getKey();
      if (keys.containsKey(key)) {
        continue;
      }
      boolean section = sections().contains(key);
      if (section && "".equals(entry.getValue())) {
        continue; // A heading whose keys are all commented out.
      }
      throw new SettingsException(
          section
              ? key + " (" + layer.source() + "): is a group of settings and takes no value"
              : key
                  + " ("
                  + layer.source()
                  + "): no such setting; did you mean "
                  + Nearest.to(key, keys.keySet())
                  + "?");
    }
  }

  private Set<String> sections() {
    Set<String> sections = new TreeSet<>();
    for (String key : keys.keySet()) {
      for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
        sections.add(key.substring(0, dot));
      }
    }
    return sections;
  }
}
