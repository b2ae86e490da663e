package dev.sotto.config.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.util.Map;

/**
 * {@code time level logger message key=value}. Control characters are escaped, so that nothing a
 * client sends can begin a line of its own; a stack trace follows on indented lines.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {

  private static final int LEVEL_WIDTH = 5;

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(Instant.ofEpochMilli(event.getTimeStamp())).append(' ');
    String level = event.getLevel().toString();
    line.append(level).repeat(' ', LEVEL_WIDTH - level.length()).append(' ');
    line.append(LogFields.logger(event)).append(' ');
    escape(event.getFormattedMessage(), line);
    for (Map.Entry<String, Object> field : LogFields.of(event).entrySet()) {
      line.append(' ').append(field.getKey()).append('=');
      value(String.valueOf(field.getValue()), line);
    }
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      ThrowableProxyUtil.asString(event.getThrowableProxy())
          .lines()
          .forEach(trace -> {
            line.append("    ");
            escape(trace.strip(), line);
            line.append('\n');
          });
    }
    return line.toString();
  }

  private static void value(String value, StringBuilder line) {
    if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '=')) {
      line.append('"');
      escape(value.replace("\"", "\\\""), line);
      line.append('"');
    } else {
      escape(value, line);
    }
  }

  private static void escape(String text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)) {
        line.append("\\u").append("%04x".formatted((int) c));
      } else {
        line.append(c);
      }
    }
  }
}
