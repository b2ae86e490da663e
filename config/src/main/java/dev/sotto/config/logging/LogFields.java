package dev.sotto.config.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/** The key=value pairs of a record: what the thread carries (MDC), then what the call gave. */
final class LogFields {

  private static final String OWN_PREFIX = "dev.sotto.";

  private LogFields() {}

  static Map<String, Object> of(ILoggingEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>(event.getMDCPropertyMap());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        fields.put(pair.key, pair.value);
      }
    }
    return fields;
  }

  /** {@code turn.TurnServer} for our own classes, the full name for others. */
  static String logger(ILoggingEvent event) {
    String name = event.getLoggerName();
    return name.startsWith(OWN_PREFIX) ? name.substring(OWN_PREFIX.length()) : name;
  }
}
