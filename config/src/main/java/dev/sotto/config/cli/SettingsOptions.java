package dev.sotto.config.cli;

import dev.sotto.config.logging.Logging;
import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options that say where settings come from; every command that reads them has both. */
final class SettingsOptions {

  private static final Logger log = LoggerFactory.getLogger(SettingsOptions.class);

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings file (default: config/sotto.yml beside the launcher, if it is there).")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, over file and environment; may be repeated.")
  private List<String> assignments = new ArrayList<>();

  /** Loads the settings and sets up logging as they say. */
  Settings load(Host host) {
    SettingsLoader loader = loader(host);
    Settings settings = loader.load();
    Logging.configure(settings.log());
    loader.warnings().forEach(log::warn);
    return settings;
  }

  /** Loads the settings once more; logging is for whoever takes them up to change. */
  Settings loadAgain(Host host) {
    SettingsLoader loader = loader(host);
    Settings settings = loader.load();
    loader.warnings().forEach(log::warn);
    return settings;
  }

  private SettingsLoader loader(Host host) {
    return new SettingsLoader(host.home())
        .file(Optional.ofNullable(config))
        .environment(host.environment())
        .assignments(assignments);
  }
}
