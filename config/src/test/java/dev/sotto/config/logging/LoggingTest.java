package dev.sotto.config.logging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.config.settings.Settings;
import dev.sotto.config.settings.Settings.Format;
import dev.sotto.config.settings.Settings.Level;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(60)
class LoggingTest {
  private static final int LINES = 20_000;

  @Test
  void noLineIsLostWhileLevelAndFormatChange() throws Exception {
    Settings.Log text = new Settings.Log(Level.INFO, Format.TEXT);
    Settings.Log json = new Settings.Log(Level.DEBUG, Format.JSON);
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      Logging.configure(text);
      Thread writer = Thread.ofPlatform().start(LoggingTest::write);
      while (writer.isAlive()) {
        Logging.configure(json);
        Logging.configure(text);
      }
      writer.join();
    } finally {
      Logging.configure(text);
      System.setErr(before);
    }

    long distinct =
        written
            .toString(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains("ended number "))
            .map(line -> line.replaceAll(".*ended number (\\d+).*", "$1"))
            .distinct()
            .count();
    assertThat(distinct).isEqualTo(LINES);
  }

  private static void write() {
    Logger log = LoggerFactory.getLogger("dev.sotto.turn.allocations");
    for (int i = 0; i < LINES; i++) {
      log.info("allocation ended number {}", i);
    }
  }
}
