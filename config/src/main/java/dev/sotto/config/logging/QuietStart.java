package dev.sotto.config.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/** Logs warnings as text until the settings are read: Logback alone would start with debug. */
public final class QuietStart extends ContextAwareBase implements Configurator {

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Logging.install(context, new TextLayout());
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
