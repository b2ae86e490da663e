package dev.sotto.config.cli;

import dev.sotto.config.keys.KeyException;
import dev.sotto.config.logging.Logging;
import dev.sotto.config.roles.Context;
import dev.sotto.config.roles.RunningRole;
import dev.sotto.config.roles.StartException;
import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsChanges;
import dev.sotto.config.settings.SettingsException;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up changed settings and key files without a restart. Settings that are wrong change
 * nothing; those that take a restart are named, each with its key, and stay as they are.
 */
final class Reloading {

  private static final Logger log = LoggerFactory.getLogger(Reloading.class);

  private volatile Settings settings;
  private volatile boolean abandoned;
  private final Supplier<Settings> load;
  private final Clock clock;

  /**
   * @param started what the process was started with
   * @param load reads the settings anew; throws {@link SettingsException}
   */
  Reloading(Settings started, Supplier<Settings> load, Clock clock) {
    this.settings = started;
    this.load = load;
    this.clock = clock;
  }

  /** What the server runs with now. Any thread may ask. */
  Settings settings() {
    return settings;
  }

  /** From now on nothing is taken up: the roles are about to close. Any thread may say so. */
  void abandon() {
    abandoned = true;
  }

  void reload(List<RunningRole> roles) {
    if (abandoned) {
      return;
    }
    try {
      takeUp(roles);
    } catch (SettingsException | KeyException | StartException e) {
      log.error("settings not reloaded: {}", e.getMessage());
    } catch (RuntimeException e) {
      // Whatever it is, those who are connected must not pay for it.
      log.error("settings not reloaded, or not all of them", e);
    }
  }

  private void takeUp(List<RunningRole> roles) {
    Settings wanted = load.get();
    SettingsChanges changes = SettingsChanges.between(settings, wanted);
    Context context = Context.of(changes.merged(), clock);
    context.checkKeys();
    for (RunningRole role : roles) {
      if (abandoned) {
        return;
      }
      role.reload(context);
    }
    settings = changes.merged();
    Logging.configure(settings.log());
    log.info("settings reloaded");
    changes.needingRestart().forEach(key -> log.warn("{}: takes effect at the next start", key));
  }
}
