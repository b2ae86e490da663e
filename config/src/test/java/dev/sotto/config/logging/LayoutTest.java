package dev.sotto.config.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LayoutTest {

  private final LoggerContext context = new LoggerContext();

  LayoutTest() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @Test
  void textIsOneLineWithItsFields() {
    LoggingEvent event = event("call ended", new KeyValuePair("call", "c1"));
    event.addKeyValuePair(new KeyValuePair("reason", "no answer"));

    assertThat(new TextLayout().doLayout(event))
        .isEqualTo(
            "1970-01-01T00:00:01.500Z WARN  turn.Server call ended call=c1 reason=\"no answer\"\n");
  }

  @Test
  void nothingThatAClientSendsBeginsALine() {
    String line =
        new TextLayout()
            .doLayout(
                event("hello\n2026 ERROR forged", new KeyValuePair("user", "a\r\n\u001b[2J")));

    assertThat(line.lines()).hasSize(1);
    assertThat(line).contains("\\u000a2026", "\\u001b[2J").endsWith("\n");
  }

  @Test
  void aStackTraceIsIndented() {
    LoggingEvent event =
        new LoggingEvent(
            "fqcn", logger(), Level.WARN, "failed", new IllegalStateException("why"), null);
    event.setInstant(java.time.Instant.EPOCH);

    assertThat(new TextLayout().doLayout(event).lines().skip(1))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).startsWith("    "))
        .first()
        .asString()
        .contains("IllegalStateException: why");
  }

  @Test
  void jsonIsOneObjectWhoseFixedFieldsCannotBeReplaced() {
    LoggingEvent event = event("said \"hi\"\n", new KeyValuePair("level", "forged"));
    event.addKeyValuePair(new KeyValuePair("call", "c1"));
    event.addKeyValuePair(new KeyValuePair("roles", List.of("turn", "signalling")));

    assertThat(new JsonLayout().doLayout(event))
        .isEqualTo(
            "{\"time\":\"1970-01-01T00:00:01.500Z\",\"level\":\"WARN\",\"logger\":\"turn.Server\","
                + "\"message\":\"said \\\"hi\\\"\\n\",\"call\":\"c1\","
                + "\"roles\":[\"turn\",\"signalling\"]}\n");
  }

  private LoggingEvent event(String message, KeyValuePair field) {
    LoggingEvent event = new LoggingEvent("fqcn", logger(), Level.WARN, message, null, null);
    event.setInstant(java.time.Instant.ofEpochMilli(1500));
    event.setKeyValuePairs(new java.util.ArrayList<>(List.of(field)));
    return event;
  }

  private Logger logger() {
    return context.getLogger("dev.sotto.turn.Server");
  }
}
