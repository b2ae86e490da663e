package dev.sotto.config.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sotto.config.logging.Logging;
import dev.sotto.config.roles.Context;
import dev.sotto.config.roles.RunningRole;
import dev.sotto.config.roles.ServerRoles;
import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.SettingsLoader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
class ReloadingTest {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir private Path folder;

  @AfterEach
  void logAsBefore() {
    Logging.configure(settings().log());
  }

  @Test
  void aUserThatStandsThereTwiceIsNamedAndNoPasswordIs() {
    Settings running = settings("turn.users=alice:first-password");
    try (RunningRole turn = new ServerRoles().turn(Context.of(running, CLOCK))) {
      Settings wanted = settings("turn.users=alice:hunter-two,alice:hunter-three");

      assertThat(reload(new Reloading(running, () -> wanted, CLOCK), turn))
          .contains("not reloaded: sotto.turn.users: alice stands there twice")
          .doesNotContain("hunter");
    }
  }

  @Test
  void settingsThatAreNotTakenUpDoNotChangeTheLogLevel() {
    Settings running = settings();
    Logging.configure(running.log());
    Settings wanted =
        settings("log.level=error", "tls.certificate=" + missing(), "tls.key=" + missing());
    Reloading reloading = new Reloading(running, () -> wanted, CLOCK);

    assertThat(reload(reloading)).contains("not reloaded: sotto.tls.").contains("none.pem");
    assertThat(((Logger) LoggerFactory.getLogger("dev.sotto")).getLevel()).isEqualTo(Level.INFO);
    assertThat(reloading.settings()).isEqualTo(running);
  }

  @Test
  void theLogLevelChangesWithTheRest() {
    Settings running = settings();
    Logging.configure(running.log());

    new Reloading(running, () -> settings("log.level=error"), CLOCK).reload(List.of());

    assertThat(((Logger) LoggerFactory.getLogger("dev.sotto")).getLevel()).isEqualTo(Level.ERROR);
  }

  private String reload(Reloading reloading, RunningRole... roles) {
    Logger logger = (Logger) LoggerFactory.getLogger(Reloading.class);
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    events.start();
    logger.addAppender(events);
    reloading.reload(List.of(roles));
    logger.detachAppender(events);
    return events.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .collect(Collectors.joining("\n"));
  }

  private Path missing() {
    return folder.resolve("none.pem");
  }

  private Settings settings(String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.add("data-dir=" + folder.resolve("data"));
    all.add("turn.port=0");
    all.add("turn.tls.enabled=false");
    return new SettingsLoader(folder).file(Optional.empty()).assignments(all).load();
  }
}
