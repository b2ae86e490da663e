package dev.sotto.config.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** {@code sotto run} between a wish to reload and a wish to stop. */
@Timeout(60)
class ReloadAndStopTest {

  @TempDir private Path folder;
  private final RecordedRoles roles = new RecordedRoles();
  private final ProcessSignals signals = new ProcessSignals();

  @Test
  void aReloadGivesEachRoleTheSettingsAsTheyAreNow() throws IOException {
    Path file = folder.resolve("sotto.yml");
    Files.writeString(file, "sotto: {drain-timeout: 1s}");
    roles.whenStarted = () -> write(file, "sotto: {drain-timeout: 2s, http: {port: 1234}}");
    List<String> reloads = List.of("reload turn in PT2S", "reload signalling in PT2S");
    roles.whenReloaded =
        () -> {
          if (roles.events.containsAll(reloads)) {
            signals.stop();
          }
        };
    signals.reload();

    assertThat(run("--config", file.toString())).isEqualTo(ExitCode.OK);

    assertThat(roles.events).containsAll(reloads);
  }

  @Test
  void aReloadOfWrongSettingsChangesNothingAndTheServerGoesOn() throws IOException {
    Path file = folder.resolve("sotto.yml");
    Files.writeString(file, "sotto: {drain-timeout: 1s}");
    roles.whenStarted =
        () -> {
          write(file, "sotto: {drain-timeout: soon}");
          stopOnceNotReloaded();
        };
    signals.reload();

    assertThat(run("--config", file.toString())).isEqualTo(ExitCode.OK);

    assertThat(roles.events).noneMatch(event -> event.startsWith("reload"));
    assertThat(roles.events).contains("drain turn");
  }

  @Test
  void aReloadThatFailsInARoleLeavesTheServerRunning() {
    roles.whenReloaded =
        () -> {
          stopOnceNotReloaded();
          throw new IllegalStateException("a fault");
        };
    signals.reload();

    assertThat(run()).isEqualTo(ExitCode.OK);

    assertThat(roles.events).contains("drain signalling", "drain turn");
  }

  @Test
  void aReloadThatHangsKeepsNobodyFromStoppingTheServer() {
    CountDownLatch answer = new CountDownLatch(1);
    roles.whenReloaded =
        () -> {
          signals.stop();
          awaitUninterruptibly(answer);
        };
    signals.reload();

    assertThat(run()).isEqualTo(ExitCode.OK);
    answer.countDown();

    assertThat(roles.events).contains("drain signalling", "drain turn");
    assertThat(roles.events).endsWith("close signalling", "close relay", "close turn");
  }

  /** As a look-up in the DNS waits, which hears no interruption. */
  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean waiting = true;
    while (waiting) {
      try {
        latch.await();
        waiting = false;
      } catch (InterruptedException _) {
        // on it goes
      }
    }
  }

  private void stopOnceNotReloaded() {
    Logger logger = (Logger) LoggerFactory.getLogger(Reloading.class);
    AppenderBase<ILoggingEvent> stop =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (event.getLevel() == Level.ERROR) {
              logger.detachAppender(this);
              signals.stop();
            }
          }
        };
    stop.start();
    logger.addAppender(stop);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int run(String... arguments) {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Host host =
        new Host(nowhere, nowhere, Map.of(), Path.of(""), Clock.systemUTC(), roles, signals);
    return SottoCommand.execute(
        host,
        Stream.of(
                Stream.of("run"),
                Arrays.stream(arguments),
                Stream.of("--set", "management.signalling-port=0", "--set", "log.level=warn"),
                Stream.of("--set", "data-dir=" + folder.resolve("data")))
            .flatMap(each -> each)
            .toArray(String[]::new));
  }
}
