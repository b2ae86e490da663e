package dev.sotto.config.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.sotto.config.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

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
    write(context, settings.format());
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
    takeUpOtherLogging();
    // It prints a stack trace when a port is taken, which we say in one line with the setting's
    // name.
    context.getLogger("io.micronaut.http.server.netty.NettyHttpServer").setLevel(Level.OFF);
  }

  /** Jitsi's libraries and Smack write by java.util.logging; only what is amiss is of interest. */
  private static void takeUpOtherLogging() {
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
    if (!SLF4JBridgeHandler.isInstalled()) {
      SLF4JBridgeHandler.removeHandlersForRootLogger();
      SLF4JBridgeHandler.install();
    }
  }

  /** The new way of writing comes before the old one goes: no line is lost in between. */
  private static void write(LoggerContext context, Settings.Format format) {
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    if (root.getAppender(format.name()) != null) {
      return;
    }
    List<Appender<ILoggingEvent>> former = new ArrayList<>();
    root.iteratorForAppenders().forEachRemaining(former::add);
    Layout<ILoggingEvent> layout =
        switch (format) {
          case TEXT -> new TextLayout();
          case JSON -> new JsonLayout();
        };
    root.addAppender(appender(context, format.name(), layout));
    // Not stopped either: another thread may be about to write to what was attached when it looked.
    former.forEach(root::detachAppender);
  }

  static void install(LoggerContext context, Layout<ILoggingEvent> layout) {
    context.reset();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender(context, "start", layout));
    root.setLevel(Level.WARN);
  }

  private static Appender<ILoggingEvent> appender(
      LoggerContext context, String name, Layout<ILoggingEvent> layout) {
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName(name);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
