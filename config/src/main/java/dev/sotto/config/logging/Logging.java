package dev.sotto.config.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.sotto.config.settings.Settings;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up Logback in code: reading XML at every start costs more than the rest of it. */
public final class Logging {

  private static final String OWN_PACKAGE = "dev.sotto";

  private Logging() {}

  /**
   * Logs Sotto's own packages from the configured level on. Libraries are two levels quieter: what
   * they find worth telling is rarely about a call.
   */
  public static void configure(Settings.Log settings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Layout<ILoggingEvent> layout =
        switch (settings.format()) {
          case TEXT -> new TextLayout();
          case JSON -> new JsonLayout();
        };
    install(context, layout);
    Level level = Level.toLevel(settings.level().name());
    context.getLogger(OWN_PACKAGE).setLevel(level);
    context
        .getLogger(Logger.ROOT_LOGGER_NAME)
        .setLevel(
            switch (settings.level()) {
              case TRACE -> Level.DEBUG;
              case DEBUG -> Level.INFO;
              default -> Level.WARN;
            });
    // It prints a stack trace when a port is taken, which we say in one line with the setting's
    // name.
    context.getLogger("io.micronaut.http.server.netty.NettyHttpServer").setLevel(Level.OFF);
  }

  static void install(LoggerContext context, Layout<ILoggingEvent> layout) {
    context.reset();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.WARN);
  }
}
