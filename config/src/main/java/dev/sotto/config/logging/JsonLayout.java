package dev.sotto.config.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import dev.sotto.config.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** One JSON object a line. A field of a record cannot hide one of the fixed ones. */
final class JsonLayout extends LayoutBase<ILoggingEvent> {

  @Override
  public String doLayout(ILoggingEvent event) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
    object.put("level", event.getLevel().toString());
    object.put("logger", LogFields.logger(event));
    object.put("message", event.getFormattedMessage());
    LogFields.of(event).forEach(object::putIfAbsent);
    if (event.getThrowableProxy() != null) {
      object.put("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return Json.write(object) + "\n";
  }
}
